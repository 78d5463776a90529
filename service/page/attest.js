// The page: articles in, the story on screen.
//
// Comes in: what is typed, and a Story from POST or GET /v1/stories. Goes out: DOM nodes. Promises: text from
// articles and models becomes textContent, never markup; offsets are counted as the service counts them.

const $ = (id) => document.getElementById(id);
const story = { current: null, articles: new Map(), facts: new Map(), from: null };

// A node with properties and children; a string child becomes a text node.
function make(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

// Text of others, kept from turning the words around it.
const words = (text) => make("bdi", { textContent: text });

// Offsets count Unicode code points; a JavaScript string counts UTF-16 units.
const slice = (text, start, end) => Array.from(text).slice(start, end).join("");

const outlet = (article) => article.source || article.title || article.article_id;
const named = (id) => outlet(story.articles.get(id));
const plural = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;
const spaced = (name) => name.replaceAll("_", " ");

// ---- the form ----

function addArticle(values = {}) {
  const fieldset = $("article").content.cloneNode(true).querySelector("fieldset");
  for (const [name, value] of Object.entries(values)) {
    const control = fieldset.querySelector(`[name="${name}"]`);
    if (control) control.value = value;
  }
  fieldset.querySelector(".remove").addEventListener("click", () => {
    fieldset.remove();
    renumber();
    $("add").focus();
  });
  $("articles").append(fieldset);
  renumber();
  return fieldset;
}

function renumber() {
  const all = [...$("articles").children];
  all.forEach((fieldset, index) => {
    fieldset.querySelector("legend").textContent = `Article ${index + 1}`;
    const remove = fieldset.querySelector(".remove");
    remove.hidden = all.length === 1;
    remove.setAttribute("aria-label", `Remove article ${index + 1}`);
  });
}

function typed() {
  return [...$("articles").children].map((fieldset) => {
    const article = {};
    for (const control of fieldset.querySelectorAll("[name]")) {
      if (control.value.trim()) article[control.name] = control.value;
    }
    return article;
  });
}

async function fillExample() {
  await attempt(async () => {
    const description = await answer(await fetch("/openapi.json"));
    const [example] = description.components.schemas.StoryRequest.examples;
    $("articles").replaceChildren();
    example.articles.forEach((article) => addArticle(article));
  });
}

// ---- asking the service ----

class Problem extends Error {
  constructor(body) {
    super(body.detail);
    this.body = body;
  }
}

async function answer(reply) {
  let body;
  try {
    body = await reply.json();
  } catch {
    throw new Problem({ title: "The answer cannot be read", detail: `status ${reply.status}, not JSON` });
  }
  if (!reply.ok) throw new Problem(body);
  return body;
}

// Runs `work`; what goes wrong is shown, not thrown.
async function attempt(work) {
  $("problem").hidden = true;
  try {
    await work();
  } catch (error) {
    console.error(error);
    showProblem(error instanceof Problem ? error.body : {
      title: error instanceof TypeError ? "The service does not answer" : "The page failed",
      detail: error instanceof TypeError ? "Is it still running? Try again." : String(error),
    });
  }
}

async function read() {
  const stop = startClock();
  $("read").disabled = true;
  $("status").textContent = "Reading. This may take minutes with a local model.";
  await attempt(async () => {
    const reply = await fetch("/v1/stories", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ articles: typed() }),
    });
    const told = await answer(reply);
    history.pushState(null, "", `#${encodeURIComponent(told.story_id)}`);
    showStory(told);
  });
  $("read").disabled = false;
  stop();
}

async function open(storyId) {
  await attempt(async () => {
    showStory(await answer(await fetch(`/v1/stories/${encodeURIComponent(storyId)}`)));
  });
}

function startClock() {
  const began = performance.now();
  const tick = () => {
    $("clock").textContent = `Reading … ${Math.round((performance.now() - began) / 1000)} s`;
  };
  tick();
  const timer = setInterval(tick, 1000);
  return () => {
    clearInterval(timer);
    $("clock").textContent = "";
  };
}

function showProblem(problem) {
  const parts = [make("h2", { textContent: problem.title }), make("p", { textContent: problem.detail })];
  if (problem.errors?.length > 1) {
    const list = problem.errors.map((error) => make("li", { textContent: `${error.pointer}: ${error.detail}` }));
    parts.push(make("ul", {}, ...list));
  }
  if (problem.retry_after) {
    parts.push(make("p", { textContent: `Try again in ${Math.ceil(problem.retry_after)} s.` }));
  }
  if (problem.request_id) {
    parts.push(make("p", { className: "quiet", textContent: `Request ${problem.request_id}` }));
  }
  $("problem").replaceChildren(...parts);
  $("problem").hidden = false;
  $("status").textContent = "";
  $("problem").focus();
}

// ---- the story ----

function showStory(told) {
  story.current = told;
  story.articles = new Map(told.articles.map((article) => [article.article_id, article]));
  story.facts = new Map(told.facts.map((fact) => [fact.fact_id, fact]));
  showSummary(told.summary.sentences);
  showFacts(told.merged_facts);
  showConflicts(told.conflicts);
  showTimeline(told);
  showActors(told.actors);
  showRemarks(told);
  showRejected(told.rejected);
  showUsage(told.usage);
  showProvenance(told);
  $("which").replaceChildren(...told.articles.map((article) =>
    make("option", { value: article.article_id, textContent: outlet(article) })));
  showArticle(told.articles[0].article_id);
  $("ask").hidden = true;
  $("story").hidden = false;
  $("status").textContent = "The story is ready.";
  $("summary-title").focus();
}

function showForm() {
  $("ask").hidden = false;
  $("story").hidden = true;
  $("problem").hidden = true;
}

// A button that shows where something stands.
function pointer(className, label, place, name) {
  const button = make("button", { type: "button", className }, label);
  button.setAttribute("aria-label", name);
  button.addEventListener("click", () => showPlace(place, button));
  return button;
}

function showSummary(sentences) {
  const numbers = new Map();
  const notes = [];
  const parts = sentences.flatMap((sentence) => {
    const cites = sentence.citations.map((place) => {
      const key = `${place.article_id} ${place.start} ${place.end}`;
      if (!numbers.has(key)) {
        numbers.set(key, numbers.size + 1);
        const quote = slice(story.articles.get(place.article_id).text, place.start, place.end);
        const source = pointer("outlet", words(named(place.article_id)), place,
          `${named(place.article_id)}: show the sentence`);
        notes.push(make("li", {}, source, ": ", make("q", {}, words(quote))));
      }
      const number = numbers.get(key);
      return pointer("cite", `${number}`, place, `Footnote ${number}: ${named(place.article_id)}`);
    });
    const text = words(sentence.text);
    if (sentence.origin === "source") text.className = "quoted";
    // the joiner keeps the first number on the line of the last word
    return [text, make("span", { className: "cites" }, "\u2060", ...cites), " "];
  });
  $("summary").replaceChildren(...parts);
  $("notes").replaceChildren(...notes);
  $("legend").hidden = !sentences.some((sentence) => sentence.origin === "source");
}

function showFacts(facts) {
  const rows = facts.map((fact) => {
    const how = spaced(fact.kind) + (fact.speaker ? `, says ${fact.speaker}` : "");
    const sources = fact.fact_ids.map((id) => {
      const { article_id, evidence: [{ start, end }] } = story.facts.get(id);
      const name = named(article_id);
      return make("li", {}, pointer("outlet", words(name), { article_id, start, end },
        `${name}: show the sentence`));
    });
    const independent = fact.article_ids.length > fact.independent_sources
      ? [make("small", { textContent: `${fact.independent_sources} independent` })] : [];
    const cells = [
      [words(fact.statement), make("small", { textContent: how })],
      [make("ul", {}, ...sources), ...independent],
      [make("span", { className: `tag ${fact.status}`, textContent: spaced(fact.status) })],
    ].map((children) => role("cell", make("td", {}, ...children)));
    return role("row", make("tr", {}, ...cells));
  });
  $("facts").tBodies[0].replaceChildren(...rows);
}

// Laid out as blocks on a narrow screen, a table loses its roles unless they are said.
function role(name, node) {
  node.setAttribute("role", name);
  return node;
}

function showConflicts(conflicts) {
  $("conflicts-part").hidden = conflicts.length === 0;
  $("conflicts").replaceChildren(...conflicts.map((conflict) => make("div", { className: "conflict" },
    make("h3", {}, words(conflict.about)),
    make("small", { className: "quiet", textContent: conflict.type }),
    make("dl", {}, ...conflict.positions.flatMap((position) => [
      make("dt", {}, words(position.value)),
      make("dd", {}, words(position.article_ids.map(named).join(", "))),
    ])))));
}

// The most important fact of each date, with where it stands; the others are in the table.
function showTimeline({ timeline, merged_facts }) {
  const merged = new Map(merged_facts.map((fact) => [fact.merged_fact_id, fact]));
  $("timeline-part").hidden = timeline.length === 0;
  $("timeline").replaceChildren(...timeline.flatMap((entry) => {
    const fact = merged.get(entry.merged_fact_ids[0]);
    const { article_id, evidence: [{ start, end }] } = fact.fact_ids.map((id) => story.facts.get(id))
      .find((member) => entry.article_ids.includes(member.article_id));
    const more = entry.merged_fact_ids.length - 1;
    const notes = [more ? `${more} more` : "", entry.conflict_ids.length ? "the reports differ" : ""].filter(Boolean);
    return [
      make("dt", { textContent: entry.date }),
      make("dd", {}, words(fact.statement), " ",
        pointer("outlet", words(named(article_id)), { article_id, start, end }, `${named(article_id)}: show the sentence`),
        make("small", { className: "quiet", textContent: notes.length ? ` (${notes.join("; ")})` : "" })),
    ];
  }));
}

const ACTORS_SHOWN = 12;

function showActors(actors) {
  $("actors-part").hidden = actors.length === 0;
  $("actors").replaceChildren(...actors.slice(0, ACTORS_SHOWN).map((actor) => {
    const counts = [actor.kind, plural(actor.merged_fact_ids.length, "fact"),
      actor.speaker_of.length ? `states ${actor.speaker_of.length}` : ""];
    return make("li", {}, words(actor.name), " ",
      make("small", { className: "quiet", textContent: counts.filter(Boolean).join(", ") }));
  }));
  $("actors-more").hidden = actors.length <= ACTORS_SHOWN;
  $("actors-more").textContent = `and ${actors.length - ACTORS_SHOWN} more, in the JSON`;
}

function showRemarks({ copies, skipped }) {
  const remarks = [
    ...copies.map((group) =>
      `${group.article_ids.map(named).join(", ")} share ${Math.round(group.overlap * 100)} % of their text.`),
    ...skipped.map((item) => `Article ${item.position + 1} was not read: ${item.detail}`),
  ];
  $("remarks-part").hidden = remarks.length === 0;
  $("remarks").replaceChildren(...remarks.map((text) => make("li", {}, words(text))));
}

function showRejected(rejected) {
  $("rejected-title").textContent = plural(rejected.length, "rejected draft");
  $("rejected").replaceChildren(...rejected.map((item) => make("li", {}, words(item.draft.statement), " ",
    make("small", { className: "quiet" }, `${spaced(item.reason)}: `, words(item.detail)))));
}

function showUsage(usage) {
  const columns = {
    calls: "Calls", prompt_tokens: "Tokens in", cached_prompt_tokens: "of them cached",
    completion_tokens: "Tokens out", retries: "Retries", seconds: "Seconds",
  };
  const head = make("tr", {}, ...["Stage", ...Object.values(columns)].map((title) =>
    Object.assign(make("th", { textContent: title }), { scope: "col" })));
  const rows = [...Object.entries(usage.stages), ["all", usage]].map(([stage, spent]) =>
    make("tr", {}, make("th", { scope: "row", textContent: spaced(stage) }),
      ...Object.keys(columns).map((name) => make("td", { textContent: count(name, spent[name]) }))));
  $("usage").replaceChildren(make("thead", {}, head), make("tbody", {}, ...rows));
}

const count = (name, value) => (name === "seconds" ? value.toFixed(1) : value.toLocaleString("en"));

function showProvenance({ story_id, provenance }) {
  const prompts = Object.entries(provenance.prompts)
    .map(([name, prompt]) => `${name} ${prompt.version} (${prompt.sha256.slice(0, 8)})`);
  $("provenance").textContent =
    `${provenance.model}, ${provenance.backend}. Prompts: ${prompts.join(", ")}. attest ${provenance.attest_version}.`;
  $("json").href = `/v1/stories/${encodeURIComponent(story_id)}`;
}

// ---- the source ----

function showPlace(place, from) {
  story.from?.removeAttribute("aria-current");
  story.from = from;
  from.setAttribute("aria-current", "true");
  showArticle(place.article_id, place);
  $("back").hidden = false;
  const mark = $("text").querySelector("mark");
  if (mark) {
    reveal(mark);
    mark.focus({ preventScroll: true });
  }
}

// Beside the account the source scrolls by itself, and the sentence one is reading must stay where it is.
function reveal(mark) {
  const box = $("text");
  if (box.scrollHeight > box.clientHeight) {
    const [at, frame] = [mark.getBoundingClientRect(), box.getBoundingClientRect()];
    box.scrollTop += at.top - frame.top - (frame.height - at.height) / 2;
  } else {
    mark.scrollIntoView({ block: "center" });
  }
}

// The text of an article in pieces that are cut where sentences and the marked place begin and end.
function showArticle(id, place = null) {
  const article = story.articles.get(id);
  const characters = Array.from(article.text);
  const cuts = new Set([0, characters.length]);
  for (const { start, end } of [...article.sentences, ...(place ? [place] : [])]) cuts.add(start).add(end);
  const edges = [...cuts].sort((a, b) => a - b);
  const pieces = edges.slice(1).map((end, index) => {
    const start = edges[index];
    const marked = place && start >= place.start && end <= place.end;
    const sentence = article.sentences.find((one) => start >= one.start && end <= one.end);
    const aside = sentence && sentence.role !== "body" ? "aside" : "";
    const text = characters.slice(start, end).join("");
    return make(marked ? "mark" : "span", { textContent: text, className: aside, tabIndex: marked ? -1 : undefined });
  });
  pieces.forEach((piece) => piece.tagName === "SPAN" && piece.removeAttribute("tabindex"));
  $("which").value = id;
  $("headline").textContent = article.title || "";
  $("headline").hidden = !article.title;
  $("text").replaceChildren(...pieces);
}

// ---- start ----

function route() {
  const storyId = decodeURIComponent(location.hash.slice(1));
  if (storyId && storyId !== "main") open(storyId);
  else showForm();
}

$("add").addEventListener("click", () => addArticle().querySelector("input").focus());
$("example").addEventListener("click", fillExample);
$("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  read();
});
$("again").addEventListener("click", () => {
  history.pushState(null, "", location.pathname);
  showForm();
  $("ask").querySelector("input").focus();
});
$("back").addEventListener("click", () => {
  story.from?.scrollIntoView({ block: "center" });
  story.from?.focus({ preventScroll: true });
});
$("which").addEventListener("change", (event) => showArticle(event.target.value));
addEventListener("popstate", route);
addArticle();
addArticle();
route();
