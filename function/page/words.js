// Which words of a text decided: from the server, or by leaving out one word after the other.

/** The words of a text with their places. */
const wordsOf = text => [...text.matchAll(/\S+/gu)].map(match => ({ text: match[0], start: match.index, end: match.index + match[0].length }))

/** Spreads the parts that the model has read over the words of the text. What is not found in it is returned beside them. */
function wordsFromParts(text, parts) {
  const lower = text.toLowerCase()
  const words = wordsOf(text).map(word => ({ ...word, weight: 0 }))
  const others = []
  for (const { text: part, contribution } of parts) {
    const wanted = part.trim().toLowerCase()
    const places = []
    for (let at = wanted ? lower.indexOf(wanted) : -1; at >= 0 && places.length < 50; at = lower.indexOf(wanted, at + 1)) places.push(at)
    if (!places.length || lower.length !== text.length) {
      others.push({ text: part, weight: contribution })
      continue
    }
    for (const place of places) {
      const touched = words.filter(word => word.start < place + wanted.length && word.end > place)
      for (const word of touched) word.weight += contribution / places.length / touched.length
    }
  }
  return { words, others }
}

const mostWords = 100
const logit = share => { const p = Math.min(Math.max(share, 1e-6), 1 - 1e-6); return Math.log(p / (1 - p)) }

/** Classifies the text without each of its words. A word weighs what the label loses without it. */
async function wordsByLeavingOut(text, answer, signal) {
  const words = wordsOf(text).slice(0, mostWords)
  if (words.length < 2) return { words: words.map(word => ({ ...word, weight: 1 })), others: [] }
  const texts = words.map(word => text.slice(0, word.start) + text.slice(word.end))
  const { predictions } = await request("predict", { method: "POST", body: { texts }, signal })
  const whole = logit(answer.scores[answer.label])
  return { words: words.map((word, index) => ({ ...word, weight: whole - logit(predictions[index].scores[answer.label]) })), others: [] }
}

/** The text with the words that decided marked, and the same for people who cannot see the marks. */
function wordsView(text, { words, others }, label) {
  const most = Math.max(...words.map(word => Math.abs(word.weight)), 1e-9)
  const isMarked = word => Math.abs(word.weight) >= most * 0.15 && Math.abs(word.weight) > 0.02
  const marked = element("p", { className: "words" })
  let end = 0
  for (const word of words) {
    marked.append(text.slice(end, word.start))
    end = word.end
    const mark = isMarked(word) && element("mark", { className: word.weight < 0 ? "against" : "" }, word.text)
    if (mark) mark.style.setProperty("--weight", Math.min(1, 0.25 + 0.75 * Math.abs(word.weight) / most).toFixed(2))
    marked.append(mark || word.text)
  }
  marked.append(text.slice(end))
  const chosen = words.filter(isMarked).sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
  if (!chosen.length) return [element("p", { className: "soft" }, say("noWords"))]
  const list = (name, isFor) => {
    const found = chosen.filter(word => word.weight > 0 === isFor).map(word => word.text)
    return found.length ? element("li", { className: "small soft" }, element("i", { className: isFor ? "" : "against" }), say(name, label),
      element("span", { className: "hidden" }, `: ${found.join(", ")}`)) : null
  }
  const strong = others.filter(part => Math.abs(part.weight) >= most * 0.5).slice(0, 4).map(part => part.text)
  return [marked, element("ul", { className: "key" }, list("forLabel", true), list("againstLabel", false)),
    strong.length ? element("p", { className: "small soft" }, `${say("otherParts")} ${strong.join(" · ")}`) : null]
}
