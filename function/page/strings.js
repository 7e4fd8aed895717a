// Every text that people read, in each language, and how numbers and times are written.

const strings = {
  en: {
    skip: "Skip to the content", views: "Views", viewTweet: "One tweet", viewMany: "Many tweets", viewOperator: "Operator",
    tweetTitle: "Understand a tweet at once", tweetLead: "Type or paste a tweet. The answer appears as you write.",
    tweet: "Tweet", tweetPlaceholder: "What did they write?", analyse: "Analyse", clear: "Clear", examples: "Examples",
    tweetHint: "Enter analyses at once. Shift and Enter start a new line.",
    characters: n => `${n} ${n === "1" ? "character" : "characters"}`,
    answer: "Answer", answerEmpty: "The answer appears here.", score: p => `Score ${p}`, scores: "Score of each label",
    typeFirst: "Type a tweet first.",
    truncated: "The tweet is longer than the model reads. Only its beginning was analysed.",
    words: "Words that decided", showWords: "Show the words that decided", forLabel: l => `For “${l}”`,
    againstLabel: l => `Against “${l}”`, noWords: "No single word decided.", otherParts: "What the model read:",
    wrong: "Is the answer wrong?", report: "Report a wrong answer", expected: "What is the right answer?", unknown: "I do not know",
    comment: "Comment (optional)", commentHint: "Please do not write personal information.", send: "Send the report",
    kept: id => `Thank you. Your report is kept. Its number is ${id}.`,
    logged: "Thank you. Your report was written to the log of the server.",
    history: "History", search: "Search the history", searchShort: "Search", forget: "Clear the history",
    forgetSure: "Really clear it?", forgotten: "The history is empty now.", more: n => `Show all ${n}`,
    historyNote: "The history stays in this browser. It is not sent to anyone.", historyNone: "No entry contains this text.",
    manyTitle: "Analyse many tweets",
    manyLead: "Paste one tweet on each line, or choose a CSV file. Download the answers as CSV.",
    lines: "Tweets, one on each line", chooseFile: "Choose a CSV file",
    dropFile: "or drop it here. It is read in this browser.",
    column: "Column with the tweets", columnName: n => `Column ${n}`, count: n => `${n} ${n === "1" ? "tweet" : "tweets"}`,
    answers: "Answers", cancel: "Cancel", download: "Download as CSV", progress: (n, all) => `${n} of ${all} analysed`,
    done: n => `Finished: ${n} analysed.`, failed: n => `${n} could not be analysed.`,
    cancelled: (n, all) => `Cancelled after ${n} of ${all}.`, tableNote: n => `The first ${n}. The download has all of them.`,
    fileLarge: "The file has more than 20 MB. Split it into smaller files.", fileEmpty: "The file has no rows with text.",
    tooMany: n => `Only the first ${n} tweets are used.`, number: "No.", label: "Label", share: "Score",
    operatorTitle: "How the model is doing", operatorLead: "Requests, answers and reports of this instance, as they come.",
    requests: "Requests", errors: n => `${n} with an error`, latency: "Latency, median", latency95: t => `95 of 100 within ${t}`,
    waiting: "Waiting now", running: n => `${n} being computed`, memory: "Memory", uptime: t => `running for ${t}`,
    mix: "Labels over time", mixNone: "Nothing was classified in this time.", traffic: "Requests over time",
    lastHour: "Last hour", lastDay: "Last day", range: "Period", asTable: "Show as a table", time: "Time",
    reports: "Reports", reportsNone: "No report has come yet.", reportsCount: (n, w) => `${n} since the start, ${w} of them a wrong answer`,
    predicted: "Predicted", expectedShort: "Expected", erase: "Erase", eraseSure: "Really erase it?", erased: "The report is erased.",
    drift: "Drift", driftNone: "The model file says nothing about the texts of its training.",
    driftLead: (n, m) => `The latest ${n} texts beside those of the training. ${m} are compared at a time.`,
    now: "Now", training: "Training", changed: "has changed", length: "Typical length", unknownTokens: "Unknown words",
    alerts: "Alerts", alertsOff: "Alerts are off.", alertRule: (n, t) => `${n} reports of wrong answers within ${t} raise an alert.`,
    alertsNone: "There is no alert.", delivered: "sent", givenUp: "given up", retry: "is tried again", sending: "is being sent", waits: "waits",
    hashed: "The text is not kept.", enterKey: "Enter a key", ago: "now",
    operatorNeedsKey: "This view is for people who run the function. It needs a key with the scope operate.",
    operatorOff: "This view is closed, because the function has no key with the scope operate. Set API_KEYS to open it.",
    keyTitle: "A key is needed", key: "Key", continue: "Continue",
    keyText: "This server answers only with a key. It is kept until you close this tab.",
    keyWrong: "This key does not work here. Try another one.",
    offline: "The server did not answer. Check the connection and try again.", busy: "The server is busy. Try again in a moment.",
    tooLarge: "The text is too long for one request.", model: m => `Answers come from the model ${m}.`, docs: "Documentation of the API",
  },
  fr: {
    skip: "Aller au contenu", views: "Vues", viewTweet: "Un tweet", viewMany: "Plusieurs tweets", viewOperator: "Exploitation",
    tweetTitle: "Comprenez un tweet en un instant", tweetLead: "Saisissez ou collez un tweet. La réponse s’affiche pendant que vous écrivez.",
    tweet: "Tweet", tweetPlaceholder: "Qu’ont-ils écrit ?", analyse: "Analyser", clear: "Effacer", examples: "Exemples",
    tweetHint: "Entrée lance l’analyse. Maj et Entrée commencent une nouvelle ligne.",
    characters: n => `${n} ${n === "0" || n === "1" ? "caractère" : "caractères"}`,
    answer: "Réponse", answerEmpty: "La réponse s’affiche ici.", score: p => `Score ${p}`, scores: "Score de chaque label",
    typeFirst: "Saisissez d’abord un tweet.",
    truncated: "Le tweet est plus long que ce que le modèle lit. Seul le début a été analysé.",
    words: "Mots décisifs", showWords: "Afficher les mots décisifs", forLabel: l => `Pour « ${l} »`,
    againstLabel: l => `Contre « ${l} »`, noWords: "Aucun mot seul n’a été décisif.", otherParts: "Ce que le modèle a lu :",
    wrong: "La réponse vous semble-t-elle fausse ?", report: "Signaler une mauvaise réponse",
    expected: "Quelle est la bonne réponse ?", unknown: "Je ne sais pas",
    comment: "Commentaire (facultatif)", commentHint: "N’écrivez pas de données personnelles.", send: "Envoyer le signalement",
    kept: id => `Merci, votre signalement est enregistré. Son numéro est ${id}.`,
    logged: "Merci, votre signalement a été écrit dans le journal du serveur.",
    history: "Historique", search: "Rechercher dans l’historique", searchShort: "Rechercher", forget: "Vider l’historique",
    forgetSure: "Vraiment le vider ?", forgotten: "L’historique est vide.", more: n => `Afficher les ${n}`,
    historyNote: "L’historique reste dans ce navigateur. Il n’est envoyé à personne.", historyNone: "Aucune entrée ne contient ce texte.",
    manyTitle: "Analysez plusieurs tweets",
    manyLead: "Collez un tweet par ligne ou choisissez un fichier CSV. Téléchargez ensuite les réponses en CSV.",
    lines: "Tweets, un par ligne", chooseFile: "Choisir un fichier CSV",
    dropFile: "ou déposez-le ici. Il est lu dans ce navigateur.",
    column: "Colonne des tweets", columnName: n => `Colonne ${n}`, count: n => `${n} ${n === "0" || n === "1" ? "tweet" : "tweets"}`,
    answers: "Réponses", cancel: "Annuler", download: "Télécharger en CSV", progress: (n, all) => `${n} sur ${all} analysés`,
    done: n => `Terminé : ${n} analysés.`, failed: n => `${n} n’ont pas pu être analysés.`,
    cancelled: (n, all) => `Annulé après ${n} sur ${all}.`, tableNote: n => `Les ${n} premiers. Le téléchargement les contient tous.`,
    fileLarge: "Le fichier dépasse 20 Mo. Divisez-le en fichiers plus petits.", fileEmpty: "Le fichier ne contient aucune ligne avec du texte.",
    tooMany: n => `Seuls les ${n} premiers tweets sont utilisés.`, number: "N°", label: "Label", share: "Score",
    operatorTitle: "Comment va le modèle", operatorLead: "Requêtes, réponses et signalements de cette instance, en direct.",
    requests: "Requêtes", errors: n => `${n} en erreur`, latency: "Latence médiane", latency95: t => `95 sur 100 en moins de ${t}`,
    waiting: "En attente", running: n => `${n} en cours de calcul`, memory: "Mémoire", uptime: t => `en marche depuis ${t}`,
    mix: "Labels au fil du temps", mixNone: "Rien n’a été classé pendant cette période.", traffic: "Requêtes au fil du temps",
    lastHour: "Dernière heure", lastDay: "Dernier jour", range: "Période", asTable: "Afficher en tableau", time: "Heure",
    reports: "Signalements", reportsNone: "Aucun signalement pour l’instant.",
    reportsCount: (n, w) => `${n} depuis le démarrage, dont ${w} pour une mauvaise réponse`,
    predicted: "Prédit", expectedShort: "Attendu", erase: "Supprimer", eraseSure: "Vraiment supprimer ?", erased: "Le signalement est supprimé.",
    drift: "Dérive", driftNone: "Le fichier du modèle ne décrit pas les textes de l’entraînement.",
    driftLead: (n, m) => `Les ${n} derniers textes, comparés à ceux de l’entraînement par groupes de ${m}.`,
    now: "Actuel", training: "Entraînement", changed: "a changé", length: "Longueur typique", unknownTokens: "Mots inconnus",
    alerts: "Alertes", alertsOff: "Les alertes sont désactivées.", alertRule: (n, t) => `${n} signalements de mauvaises réponses en ${t} déclenchent une alerte.`,
    alertsNone: "Il n’y a aucune alerte.", delivered: "envoyée", givenUp: "abandonnée", retry: "nouvel essai prévu", sending: "envoi en cours", waits: "en attente",
    hashed: "Le texte n’est pas conservé.", enterKey: "Saisir une clé", ago: "maintenant",
    operatorNeedsKey: "Cette vue est réservée aux exploitants. Elle demande une clé avec la portée operate.",
    operatorOff: "Cette vue est fermée, car la fonction n’a pas de clé avec la portée operate. Définissez API_KEYS pour l’ouvrir.",
    keyTitle: "Une clé est nécessaire", key: "Clé", continue: "Continuer",
    keyText: "Ce serveur ne répond qu’avec une clé. Elle est conservée jusqu’à la fermeture de l’onglet.",
    keyWrong: "Cette clé ne fonctionne pas ici. Essayez-en une autre.",
    offline: "Le serveur n’a pas répondu. Vérifiez la connexion et réessayez.", busy: "Le serveur est occupé. Réessayez dans un instant.",
    tooLarge: "Le texte est trop long pour une requête.", model: m => `Les réponses viennent du modèle ${m}.`, docs: "Documentation de l’API",
  },
}
const frenchLabels = { positive: "positif", negative: "négatif", neutral: "neutre" }

let language = (store.read("language") ?? navigator.language ?? "en").toLowerCase().startsWith("fr") ? "fr" : "en"

/** The text with this name, or with values filled in. */
const say = (name, ...values) => values.length ? strings[language][name](...values) : strings[language][name]
/** A label of the model in the language of the page, if it is a common one. */
const labelText = label => language === "fr" ? frenchLabels[label] ?? label : label
const format = (value, options) => new Intl.NumberFormat(language, options).format(value)
const percent = share => format(share, { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 })
const milliseconds = value => value == null ? "–" : `${format(value, { maximumSignificantDigits: 2 })} ms`
const clock = (time, options = { hour: "2-digit", minute: "2-digit" }) => new Date(time).toLocaleString(language, options)
const dayAndClock = { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }

/** Writes the texts of the language into the page. */
function translate() {
  document.documentElement.lang = language
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = say(node.dataset.text)
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", say(node.dataset.label))
  for (const node of document.querySelectorAll("[data-placeholder]")) node.placeholder = say(node.dataset.placeholder)
  $("tweet").placeholder = say("tweetPlaceholder")
  const other = language === "en" ? "fr" : "en"
  Object.assign($("language"), { textContent: other === "fr" ? "Français" : "English", lang: other })
}
