// 上报: camera first, then which criterion, then saved. Nothing here needs a network.
import * as store from "./store.js";
import { asker } from "../catalog/asked.js";
import { gridAt, ground, metres } from "./ground.js";
import { clips, newItem, picture } from "./item.js";
import { far, onMove, place, watch } from "./place.js";
import { sync, who } from "./queue.js";
import { recorder } from "./recorder.js";
import { chooser } from "./subjects.js";

const root = document.querySelector("[data-report]");
const find = (name, from = root) => from.querySelector(`[data-${name}]`);
const form = root.querySelector("form");
const asked = asker(find("asked"));
const tape = recorder(find("recorder"));
const kinds = chooser(root, form.elements.words, () => {
  spot();
  ask();
});
let saving = false;
let component = null;
let questions = {};
let small = { kinds: [], left: 0 };
const files = { before: [], after: [] };

function show() {
  for (const [role, name] of [["before", "shots"], ["after", "shots-after"]]) {
    find(name).replaceChildren(...files[role].map(shot));
  }
}

function shot(file) {
  const image = new Image();
  image.src = URL.createObjectURL(file);
  image.alt = file.name;
  return image;
}

// 自处置: offered for what the city leaves to its collectors, while today's number lasts.
function spot() {
  const chosen = kinds.chosen();
  const may = chosen && small.kinds.includes(chosen.subcategory) && small.left > 0;
  find("spot").hidden = !may;
  if (!may) form.elements.on_spot.checked = false;
  find("after").hidden = !form.elements.on_spot.checked;
  find("left").textContent = find("left").dataset.words.replace("{n}", String(small.left));
}

// 附加问题 of the chosen sub-category, as the last visit online told them; what was answered stays.
function ask() {
  asked.draw(questions[kinds.chosen()?.subcategory], kinds.chosen() ? asked.held() : {});
}

/** 预填: a component that was tapped on the map is what the report is about, and where. */
export function preset(thing) {
  component = thing;
  kinds.preset(thing.kind, thing.name);
  about();
}

function about() {
  find("component").hidden = !component;
  if (!component) return;
  const here = place();
  const away = here ? ` · ${far(metres(component, here))}` : "";
  find("component-name").textContent = `${component.name} ${component.code}${away}`;
}

async function grid() {
  const here = place();
  const found = here && gridAt(await ground(), here.lon, here.lat);
  find("grid").textContent = found ? `${found.name} · ${found.unit}` : "";
  about();
}

function tell(words, state) {
  const said = find("said");
  said.textContent = words;
  said.dataset.state = state;
}

function lacking(here, user) {
  if (!user) return root.dataset.nobody;
  if (!kinds.chosen()) return root.dataset.noSubject;
  if (!here) return root.dataset.noPlace;
  if (tape.running()) return find("recorder").dataset.saidBusy;
  if (asked.lacking()) return asked.lacking();
  const sides = files.before.length && files.after.length;
  return form.elements.on_spot.checked && !sides ? root.dataset.sides : "";
}

async function taken(here) {
  const roles = form.elements.on_spot.checked ? ["before", "after"] : ["before"];
  const shots = roles.flatMap((role) => files[role].map((file) => picture(file, role, here)));
  return Promise.all([...shots, ...clips(tape, here)]);
}

function content(here) {
  const [at, chosen] = [component ?? here, kinds.chosen()];
  const told = { subcategory: chosen.subcategory, criterion: chosen.criterion, lon: at.lon, lat: at.lat };
  told.description = form.elements.description.value;
  if (component) told.component = component.code;
  if (form.elements.on_spot.checked) told.on_spot = true;
  const answers = asked.sent();
  if (Object.keys(answers).length) told.answers = answers;
  return told;
}

async function submit(event) {
  event.preventDefault();
  if (saving) return; // a second tap is no second report
  const here = place();
  const user = who() || (await store.kept("user"));
  const why = lacking(here, user);
  if (why) return tell(why, "refused");
  saving = true;
  try {
    const pictures = await taken(here);
    const told = content(here);
    const item = newItem(user, "reports", told, pictures, kinds.chosen().name);
    await store.save({ ...item, asked: asked.labels() }, pictures);
    kinds.remember();
    if (told.on_spot) await store.keep("on_spot", (small = { ...small, left: small.left - 1 }));
    clear();
    tell(root.dataset.saved, "saved");
  } catch {
    tell(root.dataset.full, "refused"); // the form is as it was: nothing is lost by a full phone
  } finally {
    saving = false;
  }
  sync({ now: true });
}

function clear() {
  [files.before, files.after, component] = [[], [], null];
  form.reset();
  tape.clear();
  kinds.clear();
  kinds.draw();
  show();
  about();
}

export async function begin() {
  small = (await store.kept("on_spot")) ?? small;
  questions = (await store.kept("questions")) ?? {};
  kinds.take((await store.kept("subjects")) ?? []);
  watch();
  spot();
  await grid();
}

for (const [name, role] of [["photos", "before"], ["after", "after"]]) {
  form.elements[name].addEventListener("change", () => {
    files[role] = [...files[role], ...form.elements[name].files].slice(0, 6);
    form.elements[name].value = "";
    show();
  });
}

form.elements.on_spot.addEventListener("change", spot);
form.addEventListener("submit", submit);
form.addEventListener("input", () => tell("", "")); // what was saved is not what is written now
find("component-off").addEventListener("click", () => {
  component = null;
  about();
});
onMove(grid);
