// One tweet: it is classified while it is typed.

const examples = [
  "I love how friendly this crew is!", "Cancelled again, and nobody at the counter would help.", "It works, but I am not impressed.",
]
let typing = new AbortController()
let current

/** Classifies what is in the field. */
async function classify({ isDraft = false } = {}) {
  soon.cancel()
  typing.abort()
  const text = $("tweet").value
  if (!text.trim()) {
    current = undefined
    showNoAnswer(isDraft ? undefined : errorNote(say("typeFirst")))
    if (!isDraft) $("tweet").focus()
    return
  }
  typing = new AbortController()
  const { signal } = typing
  $("answer").setAttribute("aria-busy", "true")
  try {
    const body = info.explains ? { text, explain: true } : { text }
    const answer = await request("predict", { method: "POST", body, signal, isQuiet: isDraft })
    if (signal.aborted) return
    current = { text, answer }
    showAnswer(text, answer)
    offerReport(text, answer)
    keepDraft.cancel()
    if (isDraft) keepDraft(text, answer)
    else history.add(text, answer)
  } catch (error) {
    if (signal.aborted) return
    const enter = element("button", { type: "button", onclick: () => classify() }, say("enterKey"))
    showNoAnswer(isDraft && error.status === 401 ? element("div", { className: "field" }, element("p", {}, say("keyText")), enter) : errorNote(error.message))
  } finally {
    if (!signal.aborted) $("answer").removeAttribute("aria-busy")
  }
}

const soon = debounce(300, () => classify({ isDraft: true }))
/** What was typed is kept when the user has stopped for two seconds. */
const keepDraft = debounce(2000, (text, answer) => history.add(text, answer, true))

function openTweet(text) {
  $("tweet").value = text
  countCharacters()
  classify()
  $("tweet").focus()
  $("tweet").scrollIntoView({ block: "nearest" })
}

function countCharacters() {
  $("count").textContent = say("characters", format([...$("tweet").value].length))
  $("clear").hidden = $("tweet").value === ""
}

function showExamples() {
  $("examples").replaceChildren(...examples.map(text => element("button", { type: "button", lang: "en", onclick: () => openTweet(text) }, text)))
}

function startTweet() {
  $("form").onsubmit = event => { event.preventDefault(); classify() }
  $("tweet").oninput = () => { countCharacters(); soon() }
  $("tweet").onkeydown = event => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return
    event.preventDefault()
    classify()
  }
  $("clear").onclick = () => { $("tweet").value = ""; countCharacters(); classify({ isDraft: true }); $("tweet").focus() }
  history.start()
}
