// Requests to the function, and the key that some functions ask for.

class ServerError extends Error {
  constructor(status, detail, retryAfter) {
    super(detail)
    this.status = status
    this.retryAfter = retryAfter
  }
}

let key = (() => { try { return sessionStorage.getItem("pinson.key") } catch { return null } })()

function keepKey(text) {
  key = text
  try { text ? sessionStorage.setItem("pinson.key", text) : sessionStorage.removeItem("pinson.key") } catch { /* not allowed */ }
}

/** Sends a request and returns the JSON of the answer. */
async function send(path, { method = "GET", body, headers = {}, signal } = {}) {
  let response
  try {
    response = await fetch(path, {
      method, signal, cache: "no-store", body: body && JSON.stringify(body),
      headers: { ...headers, Accept: "application/json", ...(body && { "Content-Type": "application/json" }), ...(key && { Authorization: `Bearer ${key}` }) },
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new ServerError(0, say("offline"))
  }
  const answer = await response.json().catch(() => ({}))
  if (response.ok) return answer
  const detail = { 413: say("tooLarge"), 429: say("busy"), 503: say("busy") }[response.status]
  throw new ServerError(response.status, detail ?? answer.detail ?? say("offline"), Number(response.headers.get("Retry-After")) || 1)
}

/** Sends a request, and asks for a key once if the server wants one. */
async function request(path, options = {}) {
  for (;;) {
    try {
      return await send(path, options)
    } catch (error) {
      if (options.isQuiet || ![401, 403].includes(error.status) || !await askForKey(say(key ? "keyWrong" : "keyText"))) throw error
    }
  }
}

let asking
/** Opens the dialog and returns whether a key was given. Several requests share one dialog. */
function askForKey(text) {
  asking ??= new Promise(resolve => {
    const dialog = $("key-dialog")
    $("key-text").textContent = text
    $("key").value = ""
    dialog.returnValue = ""
    dialog.onclose = () => {
      const given = dialog.returnValue === "ok" ? $("key").value.trim() : ""
      if (given) keepKey(given)
      asking = undefined
      resolve(given !== "")
    }
    $("key-cancel").onclick = () => dialog.close("")
    dialog.showModal()
  })
  return asking
}

/** A name for a report, so that sending it again does not count twice. */
const newName = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, "0")).join("")

/** What the server says about its model. */
let info = { labels: [], model: "", explains: false }
