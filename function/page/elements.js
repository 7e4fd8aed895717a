// Elements, what the browser keeps, and what a screen reader is told.

const $ = id => document.getElementById(id)

/** Makes an element. Strings become text nodes, so text that a user types is never read as HTML. */
function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (name in node && name !== "list") node[name] = value
    else node.setAttribute(name, value)
  }
  node.append(...children.filter(child => child != null))
  return node
}

/** Text that stays in this browser. A browser may refuse to keep it, and the page works without it. */
const store = {
  read(name) {
    try { return localStorage.getItem(`pinson.${name}`) } catch { return null }
  },
  write(name, text) {
    try { localStorage.setItem(`pinson.${name}`, text) } catch { /* full, or not allowed */ }
  },
  remove(name) {
    try { localStorage.removeItem(`pinson.${name}`) } catch { /* not allowed */ }
  },
}

/** Tells a screen reader something. The same text is told again, because an empty one comes between. */
function announce(text) {
  $("status").textContent = ""
  setTimeout(() => { $("status").textContent = text }, 50)
}

/** Shows an error where the user looks. */
const errorNote = text => element("p", { className: "note error", role: "alert" }, text)

/** A region that scrolls, also with the keyboard. */
const scroller = (name, node) => element("div", { className: "scroll", tabIndex: 0, role: "region", "aria-label": name }, node)

/** A table. Its columns after the first are numbers, as far as `numbers` tells. */
function table(head, rows, numbers) {
  const row = (tag, texts, more = {}) => element("tr", {}, ...texts.map((text, index) =>
    element(tag, { className: index && index < numbers ? "number" : "", ...more }, text)))
  return element("table", {}, element("thead", {}, row("th", head, { scope: "col" })), element("tbody", {}, ...rows.map(texts => row("td", texts))))
}

/** Calls `action` when nothing has happened for some milliseconds. */
function debounce(delay, action) {
  let timer
  const later = (...values) => {
    clearTimeout(timer)
    timer = setTimeout(() => action(...values), delay)
  }
  later.cancel = () => clearTimeout(timer)
  return later
}

/** Asks on the button itself before something is deleted. The question ends after five seconds. */
function confirmOn(button, question, action) {
  let timer
  const end = () => {
    clearTimeout(timer)
    timer = undefined
    button.textContent = button.dataset.name
    delete button.dataset.name
  }
  button.onclick = () => {
    if (timer) {
      end()
      return action()
    }
    button.dataset.name = button.textContent
    button.textContent = say(question)
    announce(say(question))
    timer = setTimeout(end, 5000)
  }
}
