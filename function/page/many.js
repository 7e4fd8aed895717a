// Many tweets: from lines or a file, in requests of several texts.

const batch = { rows: undefined, texts: [], results: [], running: undefined, mostTexts: 50000, perRequest: 64, bytes: 48 * 1024, shown: 200 }
const encoder = new TextEncoder()
const pause = seconds => new Promise(resolve => setTimeout(resolve, 1000 * seconds))

/** Takes the texts from the file or the lines. */
function collect() {
  const { rows } = batch
  const column = Number($("column").value)
  const all = rows ? rows.slice(batch.hasHeader ? 1 : 0).map(row => row[column] ?? "") : $("lines").value.split(/\r?\n/)
  const texts = all.map(text => text.trim()).filter(text => text)
  batch.texts = texts.slice(0, batch.mostTexts)
  $("batch-count").textContent = say("count", format(batch.texts.length)) + (texts.length > batch.mostTexts ? `. ${say("tooMany", format(batch.mostTexts))}` : "")
  $("batch-send").disabled = batch.texts.length === 0 || batch.running !== undefined
  $("batch-clear").hidden = !rows && $("lines").value === ""
}

async function readFile(file) {
  if (!file) return
  if (file.size > 20e6) return fileNote(say("fileLarge"))
  const bytes = await file.arrayBuffer()
  let text
  try { text = new TextDecoder("utf-8", { fatal: true }).decode(bytes) } catch { text = new TextDecoder("windows-1252").decode(bytes) }
  const rows = parseCSV(text)
  if (!rows.length) return fileNote(say("fileEmpty"))
  const { column, hasHeader } = textColumn(rows)
  const width = Math.max(...rows.slice(0, 100).map(row => row.length))
  $("column").replaceChildren(...Array.from({ length: width }, (_, index) => element("option", { value: index },
    hasHeader ? rows[0][index] || say("columnName", index + 1) : `${say("columnName", index + 1)}: ${(rows[0][index] ?? "").slice(0, 40)}`)))
  $("column").value = column
  Object.assign(batch, { rows, hasHeader })
  $("column-field").hidden = width < 2
  $("lines").disabled = true
  fileNote(file.name)
  collect()
}

function fileNote(text) {
  $("file-note").textContent = text
  announce(text)
}

function clearBatch() {
  batch.rows = undefined
  Object.assign($("lines"), { value: "", disabled: false })
  $("column-field").hidden = true
  $("file").value = ""
  $("file-note").textContent = say("dropFile")
  collect()
  $("lines").focus()
}

/** The number of texts, from `start` on, that fit into one request. */
function sizeOfRequest(start) {
  let [count, bytes] = [0, 0]
  while (start + count < batch.texts.length && count < batch.perRequest) {
    bytes += encoder.encode(JSON.stringify(batch.texts[start + count])).length + 1
    if (count && bytes > batch.bytes) break
    count++
  }
  return count
}

/** Classifies some texts. If one of them is refused, each is tried alone, so the others get their answers. */
async function classifySome(texts, signal) {
  for (;;) {
    try {
      return (await request("predict", { method: "POST", body: { texts }, signal })).predictions
    } catch (error) {
      if (signal.aborted) throw error
      if ([429, 503].includes(error.status)) await pause(Math.min(error.retryAfter, 30))
      else if (texts.length > 1 && [413, 422].includes(error.status)) {
        const answers = []
        for (const text of texts) answers.push(...await classifySome([text], signal))
        return answers
      } else if ([413, 422, 500].includes(error.status)) return texts.map(() => ({ error: error.message }))
      else throw error
      if (signal.aborted) throw error
    }
  }
}

async function runBatch() {
  batch.running = new AbortController()
  const { signal } = batch.running
  Object.assign(batch, { results: [], classified: batch.texts })
  $("batch-result").hidden = $("cancel").hidden = $("progress").hidden = false
  $("download").hidden = $("batch-send").disabled = true
  showBatch(say("progress", format(0), format(batch.texts.length)))
  announce($("batch-state").textContent)
  let failure
  try {
    while (batch.results.length < batch.texts.length) {
      const start = batch.results.length
      batch.results.push(...await classifySome(batch.texts.slice(start, start + sizeOfRequest(start)), signal))
      showBatch(say("progress", format(batch.results.length), format(batch.texts.length)))
    }
  } catch (error) {
    failure = signal.aborted ? say("cancelled", format(batch.results.length), format(batch.texts.length)) : error.message
  }
  batch.running = undefined
  const failed = batch.results.filter(result => result.error).length
  showBatch([failure ?? say("done", format(batch.results.length - failed)), failed ? say("failed", format(failed)) : ""].join(" ").trim())
  announce($("batch-state").textContent)
  $("cancel").hidden = $("progress").hidden = true
  $("download").hidden = batch.results.length === 0
  collect()
}

function startMany() {
  $("lines").oninput = $("column").onchange = collect
  $("file").onchange = () => readFile($("file").files[0])
  $("batch-clear").onclick = clearBatch
  $("batch").onsubmit = event => { event.preventDefault(); runBatch() }
  $("cancel").onclick = () => batch.running?.abort()
  $("download").onclick = downloadBatch
  const over = (event, isOver) => { event.preventDefault(); $("drop").classList.toggle("over", isOver) }
  $("view-many").ondragover = event => over(event, true)
  $("view-many").ondragleave = event => over(event, false)
  $("view-many").ondrop = event => { over(event, false); readFile(event.dataTransfer.files[0]) }
}
