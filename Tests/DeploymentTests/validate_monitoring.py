"""Validates the files of `cloudrun/monitoring` against the schemas that the platforms publish, offline.

    pip install google-api-python-client==2.202.0 azure-mgmt-monitor==7.0.0 azure-mgmt-applicationinsights==4.1.0 \
        adxpandas==0.2.3
    validate_monitoring.py FOLDER

Prints one line for each file: `ok FILE: what was checked` or `skip FILE: package X is not installed`. A file with problems
gets a line `bad FILE: problem` for each of them, and the exit code is 1.
"""

import importlib
import json
import pathlib
import re
import sys

RULES, WORKBOOKS = "Microsoft.Insights/scheduledQueryRules", "Microsoft.Insights/workbooks"
WINDOWS = {"PT1M", "PT5M", "PT10M", "PT15M", "PT30M", "PT45M", "PT1H", "PT2H"}


def discovery_problems(value, schema, schemas, where):
    """Compares a value with a schema of Google's discovery documents."""
    schema = schemas[schema["$ref"]] if "$ref" in schema else schema
    kind = schema.get("type", "any")
    if kind == "object" and isinstance(value, dict):
        for key, child in value.items():
            field = schema.get("properties", {}).get(key, schema.get("additionalProperties"))
            if field is None:
                yield f"{where}.{key} is not a known field"
            else:
                yield from discovery_problems(child, field, schemas, f"{where}.{key}")
    elif kind == "array" and isinstance(value, list):
        for index, child in enumerate(value):
            yield from discovery_problems(child, schema["items"], schemas, f"{where}[{index}]")
    elif kind in ("object", "array", "string") and not isinstance(value, str if kind == "string" else ()):
        yield f"{where} is {value!r}, expected {kind}"
    elif "enum" in schema and value not in schema["enum"]:
        yield f"{where} is {value!r}, expected one of {schema['enum']}"


def cloud_monitoring(document):
    client = importlib.import_module("googleapiclient")
    path = pathlib.Path(client.__file__).parent / "discovery_cache/documents/monitoring.v1.json"
    schemas = json.loads(path.read_text())["schemas"]
    yield from discovery_problems(document, {"$ref": "Dashboard"}, schemas, "Dashboard")
    layout = document["mosaicLayout"]
    for tile in layout["tiles"]:
        if tile.get("xPos", 0) + tile["width"] > layout["columns"]:
            yield f"the tile '{tile['widget'].get('title')}' is wider than the dashboard"


def model_problems(value, model, models, where):
    """Compares a value with a class of one of Azure's packages, whose fields it takes by the names in the API."""
    fields = {}
    for base in reversed(model.__mro__):
        fields.update(getattr(base, "_attribute_map", {}))
        for name, field in vars(base).items():
            rest = getattr(field, "_rest_name_input", None) or (name if hasattr(field, "_type") else None)
            if rest:
                fields[name] = {"key": rest, "type": None}
    known = {item["key"].replace("properties.", "", 1): item["type"] for item in fields.values()} | {
        "properties": None}
    for key, child in value.items():
        if key not in known and not any(name.startswith(f"{key}.") for name in known):
            yield f"{where}.{key} is not a known field; known are {sorted(known)}"


def azure(document):
    for resource in document["resources"]:
        properties = resource["properties"]
        if resource["type"] == RULES:
            models = importlib.import_module("azure.mgmt.monitor.models")
            inner = getattr(models, "ScheduledQueryRuleProperties", models.ScheduledQueryRuleResource)
            yield from model_problems(properties, inner, models, "rule")
            yield from model_problems(properties["criteria"], models.ScheduledQueryRuleCriteria, models, "criteria")
            yield from model_problems(properties["actions"], models.Actions, models, "actions")
            for condition in properties["criteria"]["allOf"]:
                yield from model_problems(condition, models.Condition, models, "condition")
                yield from model_problems(
                    condition["failingPeriods"], models.ConditionFailingPeriods, models, "failingPeriods")
                for name, known in (("operator", models.ConditionOperator), ("timeAggregation", models.TimeAggregation)):
                    if condition[name] not in [member.value for member in known]:
                        yield f"{name} is {condition[name]}"
            yield from (f"{key} is {properties[key]}" for key in ("windowSize", "evaluationFrequency")
                        if properties[key] not in WINDOWS)
        elif resource["type"] == WORKBOOKS:
            models = importlib.import_module("azure.mgmt.applicationinsights.v2023_06_01.models")
            yield from model_problems(properties, models.Workbook, models, "workbook")
            content = json.loads(properties["serializedData"])
            if content.get("version") != "Notebook/1.0" or not content.get("items"):
                yield "serializedData is not a workbook"
        else:
            yield f"{resource['type']} is not a known type"


def grafana(document):
    """Grafana publishes no schema that pip has, so this checks the rules that matter most."""
    places = set()
    for panel in document["panels"]:
        place = panel["gridPos"]
        if place["x"] + place["w"] > 24 or (place["x"], place["y"]) in places:
            yield f"the panel '{panel['title']}' overlaps another one or the edge"
        places.add((place["x"], place["y"]))
        ids = [target["refId"] for target in panel["targets"]]
        if len(set(ids)) != len(ids):
            yield f"two queries of the panel '{panel['title']}' have the same refId"
    variables = {variable["name"] for variable in document["templating"]["list"]}
    used = set(re.findall(r"\$([a-z]+)", json.dumps(document["panels"])))
    if used - variables:
        yield f"the variables {sorted(used - variables)} are not declared"
    if len({panel["id"] for panel in document["panels"]}) != len(document["panels"]):
        yield "two panels have the same id"


def kusto(text):
    """Parses a query with the small parser of adxpandas, which knows no members of dynamic columns."""
    parser = importlib.import_module("adxpandas.parser")
    own = "\n".join(line for line in text.splitlines() if not line.startswith("//"))
    try:
        parser.parse_kql(re.sub(r"customDimensions\.(\w+)", r"customDimensions_\1", own))
    except Exception as error:  # The parser raises errors of its own.
        yield f"{type(error).__name__}: {error}"


QUERIES = ("drift.kql", "labels.kql", "latency.kql", "mistakes.kql", "wrong-answers.kql")
CHECKS = [
    ("azure-alerts.json", azure, "azure-mgmt-monitor", "fields of the package; queries are not parsed"),
    ("azure-workbook.json", azure, "azure-mgmt-applicationinsights", "fields of the package; queries are not parsed"),
    ("cloud-monitoring.json", cloud_monitoring, "google-api-python-client", "discovery document of Monitoring v1"),
    ("grafana.json", grafana, "", "layout, variables and identifiers"),
] + [(name, kusto, "adxpandas", "a parser of a part of the language; the tables are not known") for name in QUERIES]


def main(folder):
    failed = False
    for name, check, package, how in CHECKS:
        try:
            text = pathlib.Path(folder, name).read_text()
            problems = list(check(json.loads(text) if name.endswith(".json") else text))
        except ModuleNotFoundError:
            print(f"skip {name}: package {package} is not installed")
            continue
        except Exception as error:  # An unexpected document may raise any error.
            problems = [f"{type(error).__name__}: {error}"]
        failed = failed or bool(problems)
        for problem in problems:
            print(f"bad {name}: {problem}")
        if not problems:
            print(f"ok {name}: {how}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
