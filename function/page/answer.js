// The answer to one tweet.

/** The share of each label as bars, the largest first. */
function barsView(shares, winner) {
  const rows = [...shares].sort((a, b) => b[1] - a[1]).map(([label, share]) => {
    const fill = element("i")
    fill.style.width = `${100 * share}%`
    return element("li", { className: label === winner ? "first" : "" }, element("span", {}, labelText(label)),
      element("span", { className: "number" }, percent(share)), element("span", { className: "track", "aria-hidden": "true" }, fill))
  })
  return element("ul", { className: "bars", "aria-label": say("scores") }, ...rows)
}

/** What stands in the place of the answer before there is one. */
function showNoAnswer(note) {
  $("answer").classList.add("empty")
  const empty = element("ul", { className: "bars", "aria-hidden": "true" }, ...info.labels.slice(0, 6).map(label =>
    element("li", { className: "soft" }, element("span", {}, labelText(label)), element("span", {}, "–"), element("span", { className: "track" }))))
  $("answer-body").replaceChildren(note ?? element("p", { className: "label" }, say("answerEmpty")), ...(info.labels.length ? [empty] : []))
  $("report").replaceChildren()
}

/** Shows an answer in the place of the last one. */
function showAnswer(text, answer) {
  const label = labelText(answer.label)
  $("answer").classList.remove("empty")
  const words = element("div", { className: "block" })
  $("answer-body").replaceChildren(
    element("p", { className: "label" }, label), element("p", { className: "soft number" }, say("score", percent(answer.score))),
    barsView(Object.entries(answer.scores), answer.label),
    ...(answer.truncated ? [element("p", { className: "note small" }, say("truncated"))] : []), words)
  announce(`${label}, ${percent(answer.score)}`)
  showWords(words, text, answer)
}

let leavingOut
/** Shows the words that decided. For models that cannot tell at once, it does so when it is asked. */
async function showWords(place, text, answer) {
  const show = found => place.replaceChildren(element("h3", {}, say("words")), ...wordsView(text, found, labelText(answer.label)).filter(Boolean))
  leavingOut?.abort()
  if (answer.explanation) return show(wordsFromParts(text, answer.explanation.parts))
  const find = async () => {
    leavingOut = new AbortController()
    const { signal } = leavingOut
    try {
      const found = await wordsByLeavingOut(text, answer, signal)
      if (!signal.aborted) show(found)
    } catch (error) {
      if (!signal.aborted) place.replaceChildren(errorNote(error.message))
    }
  }
  if (store.read("words") === "1") return find()
  place.replaceChildren(element("button", { type: "button", onclick: () => { store.write("words", "1"); find() } }, say("showWords")))
}
