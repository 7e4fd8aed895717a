// What was analysed in this browser: newest first, at most 100 entries.

const history = {
  most: 100,
  shown: 6,
  showsAll: false,
  entries: (() => {
    try {
      const kept = JSON.parse(store.read("history") ?? "[]")
      return Array.isArray(kept) ? kept.filter(entry => typeof entry?.text === "string" && typeof entry.label === "string" && Number.isFinite(entry.score)) : []
    } catch { return [] }
  })(),

  /** Adds an answer. A draft that is still being typed is replaced by what it becomes. */
  add(text, answer, isDraft) {
    const [last] = this.entries
    if (last && (last.text === text || last.isDraft && (text.startsWith(last.text) || last.text.startsWith(text)))) this.entries.shift()
    this.entries.unshift({ text: text.slice(0, 2000), label: answer.label, score: answer.score, time: Date.now(), isDraft })
    this.entries.length = Math.min(this.entries.length, this.most)
    store.write("history", JSON.stringify(this.entries))
    this.show()
  },

  clear() {
    this.entries = []
    store.remove("history")
    this.show()
    announce(say("forgotten"))
    $("tweet").focus()
  },

  show() {
    $("history").hidden = this.entries.length === 0
    const wanted = $("search").value.trim().toLowerCase()
    const found = this.entries.filter(entry => `${entry.text}\n${entry.label}\n${labelText(entry.label)}`.toLowerCase().includes(wanted))
    $("history-list").replaceChildren(...found.slice(0, this.showsAll ? this.most : this.shown).map(entry => element("li", {},
      element("button", { type: "button", onclick: () => openTweet(entry.text) }, element("span", {}, entry.text),
        element("b", {}, labelText(entry.label)), element("span", { className: "number" }, percent(entry.score)),
        element("time", { className: "soft small number", dateTime: new Date(entry.time).toISOString() }, clock(entry.time, dayAndClock))))))
    $("history-none").hidden = found.length > 0
    $("history-list").hidden = found.length === 0
    $("history-more").hidden = this.showsAll || found.length <= this.shown
    $("history-more").textContent = say("more", format(found.length))
  },

  start() {
    $("search").oninput = () => this.show()
    $("history-more").onclick = () => { this.showsAll = true; this.show(); $("history-list").querySelectorAll("button")[this.shown]?.focus() }
    confirmOn($("forget"), "forgetSure", () => this.clear())
  },
}
