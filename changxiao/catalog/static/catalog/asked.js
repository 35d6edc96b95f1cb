// 附加问题: what a sub-category asks besides, drawn from its definitions wherever a form has no server
// at hand. Fields are named as the server names them, so that a plain form sends them too.
const PREFIX = "answer_";
let made = 0;

const element = (name, told = {}, ...inside) => {
  const one = Object.assign(document.createElement(name), told);
  one.append(...inside);
  return one;
};

function input(question) {
  const told = { name: PREFIX + question.code, id: `asked-${(made += 1)}`, maxLength: 1000 };
  if (question.type === "text") return element("textarea", { ...told, rows: 2 });
  if (question.type === "datetime") return element("input", { name: told.name, id: told.id, type: "datetime-local" });
  return element("input", { ...told, type: "text", inputMode: question.type === "number" ? "decimal" : "text" });
}

function select(question, words) {
  const options = [["", words.choose], ...question.choices].map(([value, text]) => element("option", { value }, text));
  return element("select", { name: PREFIX + question.code, id: `asked-${(made += 1)}` }, ...options);
}

function boxes(question) {
  const rows = question.choices.map(([value, text]) => {
    const box = element("input", { type: "checkbox", name: PREFIX + question.code, value });
    return element("label", { className: "asked-choice" }, box, element("span", {}, text));
  });
  const title = element("legend", {}, question.words, ...mark(question));
  return element("fieldset", { className: "asked-many" }, title, ...hint(question), ...rows);
}

const mark = ({ required }) => (required ? [element("span", { className: "asked-must" }, " *")] : []);
const hint = (question) => (question.hint ? [element("span", { className: "hint field-hint" }, ` ${question.hint}`)] : []);

function row(question, words) {
  if (question.type === "multivaluelist") return boxes(question);
  const field = question.type === "singlevaluelist" ? select(question, words) : input(question);
  field.classList.add("form-control");
  if (question.required) field.ariaRequired = "true";
  const label = element("label", { htmlFor: field.id }, question.words, ...mark(question), ...hint(question));
  return element("p", {}, label, field);
}

// The clock on the wall here, with its zone: what is sent later is still the same moment.
function zoned(value) {
  const minutes = -new Date(value).getTimezoneOffset();
  const two = (n) => String(Math.floor(Math.abs(n))).padStart(2, "0");
  return `${value}${minutes < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
}

/** 提问 in `root` (data-legend, -choose, -missing, -number); draws nothing where nothing is asked. */
export function asker(root) {
  const words = root.dataset;
  let asked = [];
  const fields = ({ code }) => [...root.querySelectorAll(`[name="${CSS.escape(PREFIX + code)}"]`)];
  const given = (question) =>
    fields(question)
      .filter((field) => field.type !== "checkbox" || field.checked)
      .map((field) => field.value.trim())
      .filter(Boolean);

  return {
    draw(questions = [], held = {}) {
      asked = questions;
      root.hidden = !asked.length;
      const title = element("legend", {}, words.legend);
      root.replaceChildren(...(asked.length ? [title, ...asked.map((one) => row(one, words))] : []));
      for (const one of asked) {
        for (const field of fields(one)) {
          const values = held[one.code] ?? [];
          if (field.type === "checkbox") field.checked = values.includes(field.value);
          else field.value = values[0] ?? "";
        }
      }
    },
    /** 所答 by code, as the form holds them. */
    held: () => Object.fromEntries(asked.map((one) => [one.code, given(one)]).filter(([, values]) => values.length)),
    /** 所答 by code, as they are sent: a moment has its zone. */
    sent() {
      const told = asked.map((one) => [one.code, given(one).map((value) => (one.type === "datetime" ? zoned(value) : value))]);
      return Object.fromEntries(told.filter(([, values]) => values.length));
    },
    labels: () => Object.fromEntries(asked.map((one) => [one.code, one.words])),
    /** 还缺的: the sentence for the first that is missing or no number, and its field in focus. */
    lacking() {
      for (const one of asked) {
        const values = given(one);
        const wrong = one.type === "number" && values.some((value) => !/^[-+]?(\d+\.?\d*|\.\d+)$/.test(value));
        if (!wrong && (values.length || !one.required)) continue;
        fields(one)[0].focus();
        return (wrong ? words.number : words.missing).replace("{q}", one.words);
      }
      return "";
    },
  };
}
