// The view of the people who run the function. It is filled from GET /operator.

const operator = { range: "minutes", timer: undefined, last: undefined }

async function refreshOperator({ isQuiet = true } = {}) {
  clearTimeout(operator.timer)
  if ($("view-operator").hidden || document.hidden) return
  try {
    operator.last = await request("operator", { isQuiet })
    $("operator-state").replaceChildren()
    // While a table is open or a question is asked, nothing is replaced under the hands of the user.
    if (!$("operator-body").querySelector("details[open], [data-name]")) showOperator()
    operator.timer = setTimeout(refreshOperator, 5000)
  } catch (error) {
    const isClosed = [401, 403].includes(error.status)
    if (isClosed) $("operator-body").replaceChildren()
    const enter = element("button", { type: "button", className: "primary", onclick: () => refreshOperator({ isQuiet: false }) }, say("enterKey"))
    const text = say(error.status === 403 && !key ? "operatorOff" : "operatorNeedsKey")
    $("operator-state").replaceChildren(isClosed
      ? element("div", { className: "card" }, element("p", {}, text), element("p", { className: "field" }, error.status === 403 && !key ? "" : enter))
      : errorNote(error.message))
    if (!isClosed) operator.timer = setTimeout(refreshOperator, 15000)
  }
}

const bytesText = bytes => `${format(bytes / 1e6, { maximumFractionDigits: 0 })} ${language === "fr" ? "Mo" : "MB"}`

function durationText(seconds) {
  const [amount, unit] = seconds < 120 ? [seconds, "second"] : seconds < 7200 ? [seconds / 60, "minute"]
    : seconds < 172800 ? [seconds / 3600, "hour"] : [seconds / 86400, "day"]
  return format(Math.floor(amount), { style: "unit", unit, unitDisplay: "long" })
}

function showOperator() {
  const data = operator.last
  const fact = (name, value, note) => element("div", {}, element("dt", {}, say(name)), element("dd", { className: "number" }, value), element("dd", {}, note))
  const slots = data[operator.range]
  const focused = document.activeElement?.id
  $("operator-body").replaceChildren(
    element("dl", { className: "facts" },
      fact("requests", format(data.requests.total), say("errors", format(data.requests.errors))),
      fact("latency", milliseconds(data.latency_ms.p50), say("latency95", milliseconds(data.latency_ms.p95))),
      fact("waiting", format(data.queue.waiting), say("running", format(data.queue.running))),
      fact("memory", bytesText(data.memory_bytes), say("uptime", durationText(data.uptime_seconds)))),
    part("mix", rangeChoice(), ...mixChart(slots, data.labels)),
    part("traffic", null, ...trafficChart(slots)),
    part("drift", null, ...driftPart(data.drift)),
    part("alerts", null, ...alertPart(data.alerts)),
    part("reports", null, small(say("reportsCount", format(data.reports.durable + data.reports.logged), format(data.reports.incorrect))),
      reportList(data.recent_reports)))
  if (focused) $(focused)?.focus()
}

const part = (name, choice, ...content) =>
  element("section", { className: "card" }, element("div", { className: "row" }, element("h2", {}, say(name)), choice), ...content)

function rangeChoice() {
  const choose = (range, name) => element("button", {
    type: "button", id: `range-${range}`, "aria-pressed": String(operator.range === range),
    onclick: () => { operator.range = range; showOperator() },
  }, say(name))
  return element("div", { className: "choice", role: "group", "aria-label": say("range") }, choose("minutes", "lastHour"), choose("hours", "lastDay"))
}

function reportList(reports) {
  if (!reports.length) return element("p", { className: "soft field" }, say("reportsNone"))
  return element("ul", { className: "reports" }, ...reports.map(report => {
    const erase = element("button", { type: "button", className: "quiet", id: `erase-${report.id}` }, say("erase"))
    confirmOn(erase, "eraseSure", () => eraseReport(report.id))
    const change = [[say("predicted"), report.predicted_label], [say("expectedShort"), report.expected_label]].filter(pair => pair[1])
      .map(([name, label]) => `${name}: ${labelText(label)}`).join(" · ")
    return element("li", {}, element("p", {}, report.text ?? say("hashed")),
      report.comment ? element("p", { className: "soft" }, report.comment) : null,
      element("div", { className: "row small soft" }, element("span", {}, `${change} · ${clock(report.time, dayAndClock)}`), report.durable ? erase : null))
  }))
}

async function eraseReport(id) {
  try {
    await request(`feedback/${encodeURIComponent(id)}`, { method: "DELETE" })
    announce(say("erased"))
    operator.last.recent_reports = operator.last.recent_reports.filter(report => report.id !== id)
    showOperator()
  } catch (error) {
    $("operator-state").replaceChildren(errorNote(error.message))
  }
}
