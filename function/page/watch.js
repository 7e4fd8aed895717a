// Drift and alerts, for the people who run the function.

const small = text => element("p", { className: "soft small" }, text)

const stages = { delivered: "delivered", given_up: "givenUp", failed: "retry", sending: "sending", waiting: "waits" }

function driftPart(drift) {
  if (!drift) return [small(say("driftNone"))]
  const tests = Object.fromEntries(drift.statistics.map(test => [test.name, test]))
  const length = mean => format(Math.expm1(mean), { maximumFractionDigits: 0 })
  const rows = [
    ...drift.labels.map(row => ({ ...row, name: labelText(row.label), changed: tests.labels.changed, show: percent })),
    ...[["score", "share"], ["length", "length"], ["unknown", "unknownTokens"]].filter(([name]) => tests[name])
      .map(([name, title]) => ({ ...tests[name], name: say(title), show: name === "length" ? length : percent })),
  ]
  const cells = rows.map(({ name, now, training, changed, show }) =>
    [name, ...[now, training].map(value => value == null ? "–" : show(value)), changed ? element("b", {}, say("changed")) : ""])
  return [
    small(say("driftLead", format(drift.texts), format(drift.window))),
    scroller(say("drift"), table(["", say("now"), say("training"), ""], cells, 3)),
  ]
}

function alertPart(alerts) {
  if (!alerts) return [small(say("alertsOff"))]
  const rule = small(say("alertRule", format(alerts.threshold), durationText(alerts.window_seconds)))
  if (!alerts.recent.length) return [rule, small(say("alertsNone"))]
  return [rule, element("ul", { className: "reports" }, ...alerts.recent.map(alert => element("li", {},
    element("p", {}, `${say(alert.cause)} · ${clock(alert.time, dayAndClock)}`),
    small(alert.channels.map(({ name, state }) => `${name}: ${say(stages[state])}`).join(" · ")))))]
}
