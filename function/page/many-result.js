// The answers to many tweets: how they are shown and downloaded.

/** Shows how far the batch is, the share of each label, and the first answers. */
function showBatch(state) {
  const { results } = batch
  Object.assign($("progress"), { max: batch.classified.length || 1, value: results.length })
  $("batch-state").textContent = state
  const answered = results.filter(result => result.label !== undefined)
  const counts = new Map(info.labels.map(label => [label, 0]))
  for (const { label } of answered) counts.set(label, (counts.get(label) ?? 0) + 1)
  const shares = [...counts].map(([label, count]) => [label, count / answered.length])
  const [winner] = shares.reduce((best, share) => share[1] > best[1] ? share : best, ["", 0])
  $("batch-mix").replaceChildren(...(answered.length ? [barsView(shares, winner)] : []))
  if (batch.running && $("batch-table").childElementCount && results.length > batch.shown) return
  $("batch-table").replaceChildren(...(results.length ? [batchTable(results.slice(0, batch.shown))] : []))
}

function batchTable(results) {
  const cell = (text, className = "") => element("td", { className }, text)
  const head = ["number", "tweet", "label", "share"].map(name => element("th", { scope: "col", className: name === "share" ? "number" : "" }, say(name)))
  const rows = results.map((result, index) => element("tr", {}, cell(format(index + 1), "soft"), cell(batch.classified[index].slice(0, 300)),
    ...(result.error ? [element("td", { colSpan: 2 }, result.error)] : [cell(labelText(result.label)), cell(percent(result.score), "number")])))
  return scroller(say("answers"), element("table", {},
    batch.results.length > results.length ? element("caption", {}, say("tableNote", format(results.length))) : null,
    element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows)))
}

/** Downloads all answers. The columns are the text, the label, its score, and the score of each label. */
function downloadBatch() {
  const labels = Object.keys(batch.results.find(result => result.scores)?.scores ?? {})
  const rows = batch.results.map((result, index) => [batch.classified[index], result.label ?? "", result.score ?? "",
    ...labels.map(label => result.scores?.[label] ?? ""), result.error ?? ""])
  saveFile("pinson.csv", writeCSV([["text", "label", "score", ...labels.map(label => `score_${label}`), "error"], ...rows]))
}
