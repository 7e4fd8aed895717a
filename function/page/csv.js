// Tables of comma-separated values: reading any of them, and writing what spreadsheets open safely.

/** The rows of a text. Quotes, line ends of all systems, and the separators comma, semicolon and tab are understood. */
function parseCSV(text) {
  const source = text.replace(/^\uFEFF/, "")
  const head = source.slice(0, source.search(/[\r\n]|$/))
  const count = mark => head.split(mark).length
  const separator = [",", ";", "\t"].reduce((best, mark) => count(mark) > count(best) ? mark : best)
  const rows = []
  let [row, field, isQuoted] = [[], "", false]
  for (let at = 0; at < source.length; at++) {
    const character = source[at]
    if (isQuoted) {
      if (character !== '"') field += character
      else if (source[at + 1] === '"') { field += '"'; at++ } else isQuoted = false
    } else if (character === '"' && field === "") isQuoted = true
    else if (character === separator) { row.push(field); field = "" }
    else if (character === "\n" || character === "\r") {
      if (character === "\r" && source[at + 1] === "\n") at++
      rows.push([...row, field]);
      [row, field] = [[], ""]
    } else field += character
  }
  if (field !== "" || row.length) rows.push([...row, field])
  return rows.filter(row => row.some(field => field.trim() !== ""))
}

/** A field of a table. A spreadsheet does not compute it, even if it begins like a formula. */
function csvField(value) {
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value)
  return /[",;\r\n\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** The text of a table. The mark at the beginning tells spreadsheets that it is UTF-8. */
const writeCSV = rows => "\uFEFF" + rows.map(row => row.map(csvField).join(",") + "\r\n").join("")

/** The column that holds the texts: by its name, or the one with the longest fields. */
function textColumn(rows) {
  const names = rows[0].map(name => name.trim().toLowerCase())
  const named = ["text", "tweet", "tweets", "content", "message", "texte"].map(name => names.indexOf(name)).find(index => index >= 0)
  if (named !== undefined) return { column: named, hasHeader: true }
  const sample = rows.slice(0, 100)
  const lengths = names.map((_, index) => sample.reduce((sum, row) => sum + (row[index] ?? "").length, 0))
  return { column: lengths.indexOf(Math.max(...lengths)), hasHeader: false }
}

/** Offers a file to the user. */
function saveFile(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }))
  element("a", { href: address, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(address), 10000)
}
