"""Validates rendered templates of `cloudrun/` against the schemas and rules that the platforms publish, offline.

    pip install kubernetes-validate==1.37.0 google-api-python-client==2.202.0 cfn-lint==1.58.0 \
        azure-mgmt-appcontainers==5.1.0 azure-mgmt-web==11.0.1
    validate_manifests.py FOLDER

Prints one line for each file: `ok FILE: what was checked`, `skip FILE: package X is not installed`, or
`skip FILE: not in the folder`. A file with problems gets a line `bad FILE: problem` for each of them. Exits with 1 if a
file has a problem or if the folder contains none of the files.

A schema covers names and types. The functions below check the other rules that matter.
"""

import importlib
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SCALARS = {"string": str, "integer": int, "boolean": bool, "number": (int, float)}


def dicts(value):
    """Yields every mapping in a document, the outermost first."""
    if isinstance(value, dict):
        yield value
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
        yield from dicts(child)


def is_a(value, types):
    """Returns the same as isinstance, except that true and false are not numbers."""
    return isinstance(value, types) and (types is bool or not isinstance(value, bool))


def pod_problems(document):
    """Checks the rules of every platform: probes use a health path and the port, and every mount has a volume."""
    for pod in (d for d in dicts(document) if isinstance(d.get("containers"), list)):
        volumes = {volume.get("name") for volume in pod.get("volumes", [])}
        for container in pod["containers"]:
            for mount in container.get("volumeMounts", []):
                name = mount.get("volumeName", mount.get("name"))
                if name not in volumes:
                    yield f"{mount.get('mountPath')} mounts the volume '{name}', which is not defined"
            ports = {port.get("containerPort") for port in container.get("ports", [])}
            for get in (d["httpGet"] for d in dicts(container) if isinstance(d.get("httpGet"), dict)):
                if str(get.get("path")) not in ("/health/live", "/health/ready"):
                    yield f"a probe uses the path {get.get('path')}, expected /health/live or /health/ready"
                if ports and get.get("port") not in ports:
                    yield f"a probe uses the port {get.get('port')}, but the container listens on {ports}"


# Cloud Run: the schema is the discovery document of its API, which the package google-api-python-client contains.

def discovery_problems(value, schema, schemas, where):
    schema = schemas[schema["$ref"]] if "$ref" in schema else schema
    kind = schema.get("type", "any")
    if kind == "object" and isinstance(value, dict):
        for key, child in value.items():
            field = schema.get("properties", {}).get(key, schema.get("additionalProperties"))
            if field is None:
                yield f"{where}.{key} is not a known field"
            elif field.get("description", "").startswith("Not supported"):
                yield f"{where}.{key} is not supported by Cloud Run"
            else:
                yield from discovery_problems(child, field, schemas, f"{where}.{key}")
    elif kind == "array" and isinstance(value, list):
        for index, child in enumerate(value):
            yield from discovery_problems(child, schema["items"], schemas, f"{where}[{index}]")
    elif kind != "any" and not is_a(value, SCALARS.get(kind, ())):
        yield f"{where} is {value!r}, expected {kind}"
    elif schema.get("format") == "int64" and kind == "string" and not value.isdigit():
        yield f"{where} is {value!r}, expected digits"
    elif "enum" in schema and value not in schema["enum"]:
        yield f"{where} is {value!r}, expected one of {schema['enum']}"


def cloud_run(text):
    yaml, client = importlib.import_module("yaml"), importlib.import_module("googleapiclient")
    path = pathlib.Path(client.__file__).parent / "discovery_cache/documents/run.v1.json"
    schemas, document = json.loads(path.read_text())["schemas"], yaml.safe_load(text)
    expected = {"Service": "serving.knative.dev/v1", "Job": "run.googleapis.com/v1"}
    if document.get("apiVersion") != expected.get(document.get("kind"), "unknown"):
        yield f"apiVersion {document.get('apiVersion')} does not fit kind {document.get('kind')}"
        return
    yield from discovery_problems(document, {"$ref": document["kind"]}, schemas, document["kind"])
    yield from pod_problems(document)
    for container in (c for d in dicts(document) for c in d.get("containers", [])):
        for variable in container.get("env", []):
            if re.match(r"PORT$|K_|X_GOOGLE_|CLOUD_RUN_", variable.get("name", "")):
                yield f"{variable['name']} is reserved by Cloud Run"
        for probe in (d for d in dicts(container) if "httpGet" in d):
            if probe.get("failureThreshold", 3) * probe.get("periodSeconds", 10) > 240:
                yield "failureThreshold times periodSeconds is greater than 240 s"
            if probe.get("timeoutSeconds", 1) > probe.get("periodSeconds", 10):
                yield "timeoutSeconds is greater than periodSeconds"


# Kubernetes: the strict JSON schemas of the API, and the rules of the restricted Pod Security Standard.

LOCKED = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}


def kubernetes(text):
    yaml, validator = importlib.import_module("yaml"), importlib.import_module("kubernetes_validate")
    for document in yaml.safe_load_all(text):
        try:
            validator.validate(document, "1.37", strict=True)
        except validator.ValidationError as error:
            yield f"{document.get('kind')}.{'.'.join(map(str, error.absolute_path))}: {error.message}"
        except validator.SchemaNotFoundError as error:
            yield error.message
        yield from pod_problems(document)
        for pod in (d for d in dicts(document) if "containers" in d):
            outer = pod.get("securityContext", {})
            if outer.get("runAsNonRoot") is not True or not outer.get("runAsUser"):
                yield "the pod may run as root"
            if outer.get("seccompProfile") != {"type": "RuntimeDefault"}:
                yield "the pod does not have the seccomp profile RuntimeDefault"
            for inner in (container.get("securityContext") for container in pod["containers"]):
                if inner != LOCKED:
                    yield f"securityContext is {inner}, expected {LOCKED}"


def cloud_formation(text):
    api, config = importlib.import_module("cfnlint.api"), importlib.import_module("cfnlint.config")
    for match in api.lint(text, config=config.ManualArgs(regions=["us-east-1"])):
        yield f"line {match.linenumber}: {match.rule.id} {match.message}"


# Azure: the types of the management packages, for one API version each. Expressions in brackets are not evaluated.

AZURE = {"Microsoft.App/managedEnvironments": ("appcontainers", "ManagedEnvironment", "2026-07-01"),
         "Microsoft.App/managedEnvironments/storages": ("appcontainers", "ManagedEnvironmentStorage", "2026-07-01"),
         "Microsoft.App/containerApps": ("appcontainers", "ContainerApp", "2026-07-01"),
         "Microsoft.App/jobs": ("appcontainers", "Job", "2026-07-01"),
         "Microsoft.Web/serverfarms": ("web", "AppServicePlan", "2025-05-01"),
         "Microsoft.Web/sites": ("web", "Site", "2025-05-01")}
TEMPLATE = {"$schema", "contentVersion", "resources", "parameters", "variables", "outputs", "metadata"}
RESOURCE = {"type", "apiVersion", "name", "dependsOn", "condition", "comments"}
PROBE = {"initialDelaySeconds": 60, "periodSeconds": 240, "timeoutSeconds": 240, "failureThreshold": 10}


def typed_problems(value, hint, names, where):
    typing = importlib.import_module("typing_extensions")
    arguments, origin = typing.get_args(hint), typing.get_origin(hint)
    literal = re.fullmatch(r"\[(?:int|json)\('([\d.]+)'\)\]", value) if isinstance(value, str) else None
    value = json.loads(literal[1]) if literal else value
    if hint is typing.Any or isinstance(value, str) and value.startswith("["):
        return
    if isinstance(value, dict) and typing.is_typeddict(hint):
        hints = typing.get_type_hints(hint, localns=names)
        yield from (f"{where}.{key} is not a known field" for key in sorted(value.keys() - hints.keys()))
        if not hint.__total__:
            yield from (f"{where}.{key} is missing" for key in sorted(hint.__required_keys__ - value.keys()))
        for key in sorted(value.keys() & hints.keys()):
            yield from typed_problems(value[key], hints[key], names, f"{where}.{key}")
    elif isinstance(value, (dict, list)) and origin is type(value):
        for key, child in value.items() if origin is dict else enumerate(value):
            yield from typed_problems(child, arguments[-1], names, f"{where}.{key}")
    elif any(hasattr(choice, "__members__") for choice in arguments):
        known = [member.value for choice in arguments for member in getattr(choice, "__members__", {}).values()]
        if value not in known:
            yield f"{where} is {value!r}, expected one of {known}"
    elif hint not in (str, int, bool, float) or not is_a(value, (int, float) if hint is float else hint):
        yield f"{where} is {value!r}, expected {getattr(hint, '__name__', hint)}"


def expression_problems(value, template):
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
        yield from expression_problems(child, template)
    if isinstance(value, str) and value.startswith("["):
        if not value.endswith("]") or value.count("(") != value.count(")") or value.count("'") % 2:
            yield f"{value} is not a valid expression"
        for kind, name in re.findall(r"\b(parameters|variables)\('([^']*)'\)", value):
            if name not in template.get(kind, {}):
                yield f"{kind}('{name}') is not declared"


def azure(text):
    template = json.loads(text)
    yield from (f"{key} is missing or not a known field" for key in sorted(TEMPLATE ^ template.keys())
                if key in template or key in ("$schema", "contentVersion", "resources"))
    yield from expression_problems({k: v for k, v in template.items() if k != "metadata"}, template)
    yield from pod_problems(template)
    for resource in template.get("resources", []):
        package, name, version = AZURE.get(resource.get("type"), (None, None, None))
        if package is None or resource.get("apiVersion") != version:
            yield f"{resource.get('type')}@{resource.get('apiVersion')} is not a known type and version"
            continue
        types_module = importlib.import_module(f"azure.mgmt.{package}.types")
        names = vars(importlib.import_module(f"azure.mgmt.{package}.models._enums"))
        body = {key: value for key, value in resource.items() if key not in RESOURCE}
        yield from typed_problems(body, getattr(types_module, name), names, name)
        if "location" not in resource and resource["type"].count("/") == 1:
            yield f"{name}.location is missing"
        if not resource["name"].startswith("[") and resource["name"].count("/") != resource["type"].count("/") - 1:
            yield f"'{resource['name']}' does not name a {resource['type']}"
        for wanted in re.findall(r"resourceId\('([^']*)'", " ".join(resource.get("dependsOn", []))):
            if wanted not in [other.get("type") for other in template["resources"]]:
                yield f"{resource['name']} depends on {wanted}, which is not in the template"
    for probe in (d for d in dicts(template) if "httpGet" in d):
        yield from (f"{key} is {probe[key]}, expected 1 to {most}" for key, most in PROBE.items()
                    if not 1 <= probe.get(key, 1) <= most)


def scheduler(text):
    """Checks a job of Cloud Scheduler against the discovery document of its API."""
    client = importlib.import_module("googleapiclient")
    path = pathlib.Path(client.__file__).parent / "discovery_cache/documents/cloudscheduler.v1.json"
    schemas, document = json.loads(path.read_text())["schemas"], json.loads(text)
    yield from discovery_problems(document, {"$ref": "Job"}, schemas, "Job")
    if len(document.get("schedule", "").split()) != 5:
        yield f"schedule is {document.get('schedule')!r}, expected five fields"
    if "oauthToken" not in document.get("httpTarget", {}):
        yield "httpTarget.oauthToken is missing, so Cloud Run would refuse the request"


def github(text):
    """Checks a workflow against the schema that the package check-jsonschema contains."""
    importlib.import_module("check_jsonschema")
    with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
        file.write(text)
        file.flush()
        command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", file.name]
        found = subprocess.run(command, capture_output=True, text=True)
    if found.returncode:
        yield " ".join((found.stdout + found.stderr).split())
    yaml = importlib.import_module("yaml")
    for step in (d for d in dicts(yaml.safe_load(text)) if "run" in d):
        if "${{" in step["run"]:
            yield f"an expression is in a script, where it could run commands: {step['run']}"


def systemd(text):
    """Lets systemd itself check a unit; the timer and the service need each other."""
    if shutil.which("systemd-analyze") is None:
        raise ModuleNotFoundError("systemd")
    if "[Timer]" in text:
        calendar = re.search(r"(?m)^OnCalendar=(.*)$", text)[1]
        found = subprocess.run(["systemd-analyze", "calendar", calendar], capture_output=True, text=True)
    else:
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "pinson-retrain.service")
            path.write_text(text)
            found = subprocess.run(["systemd-analyze", "verify", str(path)], capture_output=True, text=True)
    if found.returncode or "pinson-retrain" in found.stderr:
        yield " ".join((found.stdout + found.stderr).split())


CHECKS = [
    (cloud_run, "google-api-python-client", "discovery document of the Cloud Run API v1, reserved names, probes",
     ("service.yaml", "service-volume.yaml", "job.yaml", "retrain-cloud-run.yaml")),
    (scheduler, "google-api-python-client", "discovery document of the Cloud Scheduler API v1", ("retrain-scheduler.json",)),
    (kubernetes, "kubernetes-validate", "strict schema of Kubernetes 1.37, restricted Pod Security, probes",
     ("kubernetes.yaml", "kubernetes-job.yaml", "retrain-kubernetes.yaml")),
    (github, "check-jsonschema", "schema of GitHub's workflows", ("retrain-github.yml",)),
    (systemd, "systemd", "systemd-analyze", ("pinson-retrain.service", "pinson-retrain.timer")),
    (cloud_formation, "cfn-lint", "cfn-lint, us-east-1", ("lambda.yaml",)),
    (azure, "azure-mgmt-appcontainers", "types of the package, probes; expressions are not evaluated",
     ("azure-container-app.json", "azure-container-app-image.json", "retrain-azure.json")),
    (azure, "azure-mgmt-web", "types of the package; expressions are not evaluated", ("app-service.json",)),
]


def lines(path, validate, package, how):
    """Returns the lines to print about one file."""
    if not path.exists():
        return [f"skip {path.name}: not in the folder"]
    try:
        text = path.read_text()
        problems = [f"{name} has no value" for name in re.findall(r"\$\{(?!\{)[^}]*\}?", text)]
        problems = problems or list(validate(text))
    except ModuleNotFoundError as error:
        return [f"skip {path.name}: package {'PyYAML' if error.name == 'yaml' else package} is not installed"]
    except Exception as error:  # A parser may raise any error for an unexpected document.
        problems = [f"{type(error).__name__}: {' '.join(str(error).split())}"]
    return [f"bad {path.name}: {problem}" for problem in problems] or [f"ok {path.name}: {how}"]


def main(folder):
    found = [line for *check, files in CHECKS for file in files for line in lines(pathlib.Path(folder, file), *check)]
    print(*found, sep="\n")
    nothing = all(line.endswith("not in the folder") for line in found)
    return 1 if nothing or any(line.startswith("bad") for line in found) else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: validate_manifests.py FOLDER")
    sys.exit(main(sys.argv[1]))
