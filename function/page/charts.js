// The charts of the operator. Each of them is also a table.

/** The colour of a label. A model may have any labels, so the colours follow their order. */
const tone = index => `var(--tone${index % 6})`

function toned(node, index) {
  node.style.setProperty("--tone", tone(index))
  return node
}

/** Columns over time, each of them a stack of values, and the same values as a table. */
function columnChart(slots, values, names, title) {
  const most = Math.max(1, ...slots.map(slot => values(slot).reduce((sum, value) => sum + value, 0)))
  const columns = slots.map(slot => element("span", {}, ...values(slot).map((value, index) => {
    const part = toned(element("i"), index)
    part.style.height = `${100 * value / most}%`
    return part
  }).filter((_, index) => values(slot)[index] > 0)))
  const total = names.map((name, index) => `${name}: ${format(slots.reduce((sum, slot) => sum + values(slot)[index], 0))}`).join(", ")
  const rows = slots.filter(slot => values(slot).some(value => value > 0)).map(slot => [clock(slot.time), ...values(slot).map(value => format(value))])
  return [
    element("div", { className: "stack", role: "img", "aria-label": `${title}. ${total}` }, ...columns),
    element("div", { className: "axis small soft", "aria-hidden": "true" }, element("span", {}, clock(slots[0].time)), element("span", {}, say("ago"))),
    element("details", {}, element("summary", {}, say("asTable")), scroller(title, table([say("time"), ...names], rows, Infinity))),
  ]
}

function mixChart(slots, labels) {
  const names = labels.map(labelText)
  if (!slots.some(slot => slot.labels.some(count => count > 0))) return [element("p", { className: "soft field" }, say("mixNone"))]
  const key = element("ul", { className: "key" }, ...names.map((name, index) => element("li", { className: "small" }, toned(element("i"), index), name)))
  return [key, ...columnChart(slots, slot => slot.labels, names, say("mix"))]
}

const trafficChart = slots => columnChart(slots, slot => [slot.requests], [say("requests")], say("traffic"))
