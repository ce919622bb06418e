"use strict";

/** The element of an id. */
const byId = (id) => document.getElementById(id);

/** A new element with a text or with children. */
function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

let description;
/** Counts requests, so that a late answer does not replace that to a later one. */
let latest = 0;

const token = () => byId("token").value.trim();

function headers(more) {
  return token() ? { ...more, Authorization: `Bearer ${token()}` } : { ...more };
}

async function load() {
  const response = await fetch("/openapi.json", { headers: headers({}) });
  if (response.status === 401) {
    byId("token-row").classList.remove("hidden");
    fail(token() ? "The token is not the right one." : "Give the token of the server.");
    return;
  }
  if (!response.ok) {
    fail((await response.json()).error);
    return;
  }
  description = await response.json();
  byId("answer").replaceChildren();
  const names = Object.keys(description.components.schemas)
    .filter((name) => name.endsWith(".Row"))
    .map((name) => name.slice(0, -".Row".length));
  byId("model").replaceChildren(...names.map((name) => element("option", { value: name }, name)));
  byId("model-row").classList.toggle("hidden", names.length < 2);
  showColumns();
}

const rowSchema = () => description.components.schemas[`${byId("model").value}.Row`];

/** A field for each column, with the value of the example. */
function showColumns() {
  const schema = rowSchema();
  document.title = `Predictions of ${byId("model").value}`;
  // In the order of the training.
  const fields = schema.required.map((name, index) => {
    const column = schema.properties[name];
    const id = `column-${index}`;
    const example = schema.example[name];
    const input = element("input", { id, autocomplete: "off", value: example ?? "", placeholder: "missing" });
    input.dataset.column = name;
    input.dataset.number = column.type[0] === "number";
    if (input.dataset.number === "true") input.inputMode = "decimal";
    const parts = [element("label", { for: id }, name), input];
    if (column.examples?.length) {
      input.setAttribute("list", `${id}-values`);
      const options = column.examples.map((value) => element("option", { value }));
      parts.push(element("datalist", { id: `${id}-values` }, ...options));
    }
    return element("div", {}, ...parts);
  });
  byId("columns").replaceChildren(...fields);
  byId("answer").replaceChildren();
}

/** The row as it is in the form. An empty field is a missing value. */
function row() {
  const entries = [...byId("columns").querySelectorAll("input")].map((input) => {
    const text = input.value.trim();
    const number = Number(text);
    const isNumber = input.dataset.number === "true" && text !== "" && Number.isFinite(number);
    return [input.dataset.column, text === "" ? null : isNumber ? number : text];
  });
  // A column may be called `__proto__`.
  return Object.assign(Object.create(null), Object.fromEntries(entries));
}

function fail(message) {
  byId("answer").replaceChildren(element("p", { class: "error", role: "alert" }, message));
}

const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

async function predict(event) {
  event.preventDefault();
  if (!description) {
    await load();
    return;
  }
  const number = ++latest;
  const path = `/models/${encodeURIComponent(byId("model").value)}/predict`;
  const body = JSON.stringify(row());
  const options = { method: "POST", body, headers: headers({ "Content-Type": "application/json" }) };
  const response = await fetch(path, options);
  const answer = await response.json();
  if (number !== latest) return;
  showCommand(path, body);
  if (!response.ok) {
    fail(answer.error);
    return;
  }
  const lines = Object.entries(answer).map(([name, value]) => {
    const cells = [element("th", { scope: "row" }, name)];
    if (name.startsWith("probability") && typeof value === "number") {
      const meter = element("meter", { min: 0, max: 1, value, "aria-label": name });
      cells.push(element("td", {}, meter), element("td", { class: "number" }, value.toFixed(4)));
    } else {
      cells.push(element("td", { colspan: 2 }, value === null ? "not finite" : String(value)));
    }
    return element("tr", {}, ...cells);
  });
  byId("answer").replaceChildren(element("table", {}, element("tbody", {}, ...lines)));
}

function showCommand(path, body) {
  const auth = token() ? ` \\\n  -H "Authorization: Bearer $TOKEN"` : "";
  byId("command").textContent =
    `curl ${location.origin}${path} \\\n  -H 'Content-Type: application/json'${auth} \\\n  -d ${quoted(body)}`;
  byId("command").classList.remove("hidden");
  byId("command-title").classList.remove("hidden");
}

const reported = (action) => (event) =>
  action(event).catch((error) => fail(`The server does not answer: ${error.message}`));

byId("form").addEventListener("submit", reported(predict));
byId("model").addEventListener("change", showColumns);
byId("token").addEventListener("change", reported(load));
reported(load)();
