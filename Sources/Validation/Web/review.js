// Draws the state that the program states, and sends it what the person does. All texts are set as texts.
"use strict";

const byID = (id) => document.getElementById(id);
let state = null;
let typing = null;
let isBusy = false;

function element(name, text, className) {
  const node = document.createElement(name);
  if (text !== undefined) node.textContent = text;
  if (className) node.className = className;
  return node;
}

function button(command) {
  const node = element("button");
  node.type = "button";
  node.append(element("kbd", command.action === "quit" ? "q" : command.name), command.meaning);
  if (command.action === "confirm") node.className = "primary";
  node.addEventListener("click", () => run(command));
  return node;
}

function row(number, text, className) {
  const item = element("li", undefined, className);
  item.append(element("span", number, "number"), element("span", text));
  return item;
}

function draw(next) {
  state = next;
  byID("who").textContent = state.annotator + (state.settles ? " settles disagreements" : "");
  byID("count").textContent = `${state.done} of ${state.total} done`;
  byID("progress").value = state.total ? state.done / state.total : 1;
  byID("message").textContent = state.message;
  const item = state.item;
  byID("title").textContent = item ? `Report ${item.number} of ${state.total}${item.state ? ` · ${item.state}` : ""}` : "There is no report to decide.";
  byID("text").textContent = item ? item.text : "";
  byID("facts").replaceChildren(...(item ? item.facts : []).flatMap(([name, value]) => [element("dt", name), element("dd", value)]));
  const shown = state.commands.filter((command) => !command.action.startsWith("scroll"));
  const isLabel = (command) => command.action === "label" || command.action === "confirm";
  byID("labels").replaceChildren(...shown.filter(isLabel).map(button));
  byID("commands").replaceChildren(...shown.filter((command) => !isLabel(command)).map(button));
  byID("reasons").replaceChildren(...(item ? item.reasons : []).map((part) =>
    row((part.contribution < 0 ? "−" : "+") + Math.abs(part.contribution).toFixed(2), part.text, part.contribution < 0 ? "against" : "")));
  byID("similar").replaceChildren(...(item ? item.similar : []).map((other) =>
    row(`${Math.floor(other.similarity * 100)} %`, `${other.state ? `${other.state}: ` : ""}${other.text}`)));
  if (state.isEnded) {
    document.querySelectorAll("button").forEach((node) => { node.disabled = true; });
    byID("message").textContent = "Everything is saved. You can close this page.";
  }
}

async function ask(path, body) {
  if (isBusy) return;
  isBusy = true;
  try {
    const options = body ? { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) } : {};
    const answer = await fetch(path, options);
    if (!answer.ok) throw new Error(`The program answered ${answer.status}.`);
    draw(await answer.json());
  } catch (error) {
    byID("message").textContent = `Nothing was changed. ${error.message} Is the program still running?`;
  } finally {
    isBusy = false;
  }
}

function run(command) {
  if (command.action === "note" || command.action === "search") {
    typing = command.action;
    byID("form-label").textContent = typing === "note" ? "Note" : "Search";
    byID("typed").value = typing === "note" && state.item ? state.item.note : "";
    byID("form").hidden = false;
    byID("typed").focus();
    return;
  }
  ask("act", { action: command.action, label: command.label, id: state.item ? state.item.id : null });
}

function close() {
  typing = null;
  byID("form").hidden = true;
  byID("main").focus();
}

byID("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const body = { action: typing, text: byID("typed").value, id: state.item ? state.item.id : null };
  close();
  ask("act", body);
});
byID("cancel").addEventListener("click", close);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !state || state.isEnded) return;
  if (typing) {
    if (event.key === "Escape") close();
    return;
  }
  const names = { ArrowLeft: "←", ArrowRight: "→" };
  const key = names[event.key] || event.key;
  if (key === "Enter" && event.target.closest("button")) return;
  const command = state.commands.find((one) => one.name.split("/").includes(key) || one.name === key);
  if (!command || command.action.startsWith("scroll")) return;
  event.preventDefault();
  run(command);
});

ask("state");
