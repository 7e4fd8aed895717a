// The views, the language, and the start of the page.

const views = ["one", "many", "operator"]

/** Shows the view that the address names. */
function showView({ focuses = false } = {}) {
  const wanted = location.hash.slice(1)
  if (wanted && !views.includes(wanted)) return  // The address of a place in this view.
  const view = wanted || "one"
  for (const name of views) $(`view-${name}`).hidden = name !== view
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#${view}`) link.setAttribute("aria-current", "page")
    else link.removeAttribute("aria-current")
  }
  const title = document.querySelector(`#view-${view} h1`).textContent
  document.title = `${title} · Pinson`
  if (focuses) {
    scrollTo(0, 0)
    $("main").focus({ preventScroll: true })
    announce(title)
  }
  refreshOperator()
}

/** Writes everything again, after the language has changed or the model is known. */
function showAll() {
  translate()
  countCharacters()
  showExamples()
  if (current) { showAnswer(current.text, current.answer); offerReport(current.text, current.answer) } else showNoAnswer()
  history.show()
  collect()
  if (!batch.rows) $("file-note").textContent = say("dropFile")
  if (operator.last) showOperator()
  $("model").replaceChildren(...(info.model ? [say("model", info.model), " · "] : []), element("a", { href: "docs" }, say("docs")))
  showView()
}

$("language").onclick = () => {
  language = language === "en" ? "fr" : "en"
  store.write("language", language)
  showAll()
}
addEventListener("hashchange", () => showView({ focuses: true }))
document.addEventListener("visibilitychange", () => refreshOperator())
startTweet()
startMany()
showAll()
send("info").then(found => { info = found; showAll() }).catch(() => { /* The page works without it. */ })
