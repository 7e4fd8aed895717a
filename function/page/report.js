// The report of a wrong answer.

/** Offers to report the answer. */
function offerReport(text, answer) {
  const open = element("button", { type: "button", "aria-expanded": "false" }, say("report"))
  const place = element("div")
  open.onclick = () => {
    const isOpen = place.childElementCount > 0
    open.setAttribute("aria-expanded", String(!isOpen))
    if (isOpen) return place.replaceChildren()
    place.replaceChildren(reportForm(text, answer))
    $("expected").focus()
  }
  $("report").replaceChildren(element("div", { className: "block row" }, element("span", { className: "soft" }, say("wrong")), open), place)
}

function reportForm(text, answer) {
  const name = newName()  // It stays the same when the report is sent again, so the report counts once.
  const labels = [...new Set([...info.labels, ...Object.keys(answer.scores)])].filter(label => label !== answer.label)
  const expected = element("select", { id: "expected" },
    ...labels.map(label => element("option", { value: label }, labelText(label))), element("option", { value: "" }, say("unknown")))
  const comment = element("textarea", { id: "comment", rows: 2, maxLength: 1000, "aria-describedby": "comment-hint" })
  const submit = element("button", { className: "primary" }, say("send"))
  const result = element("div", { id: "report-result" })
  const form = element("form", { id: "report-form" },
    element("div", { className: "field" }, element("label", { htmlFor: "expected" }, say("expected")), expected),
    element("div", { className: "field" }, element("label", { htmlFor: "comment" }, say("comment")), comment,
      element("p", { className: "small soft", id: "comment-hint" }, say("commentHint"))),
    submit, result)
  form.onsubmit = async event => {
    event.preventDefault()
    submit.disabled = true
    result.replaceChildren()
    const body = { text, predicted_label: answer.label, score: answer.score }
    if (expected.value) body.expected_label = expected.value
    if (comment.value.trim()) body.comment = comment.value.trim()
    try {
      const kept = await request("feedback", { method: "POST", body, headers: { "Idempotency-Key": name } })
      const thanks = kept.durable ? say("kept", kept.id) : say("logged")
      $("report").replaceChildren(element("p", { className: "note", id: "report-thanks", tabIndex: -1 }, thanks))
      $("report-thanks").focus()
      announce(thanks)
    } catch (error) {
      result.replaceChildren(errorNote(error.message))
      submit.disabled = false
    }
  }
  return form
}
