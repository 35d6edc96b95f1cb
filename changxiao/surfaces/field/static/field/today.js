// 今天: one's own grid and tasks as the last visit online told them; answered here, with photos.
import * as store from "./store.js";
import { clips, newItem, picture } from "./item.js";
import { far, metresTo, onMove, place, watch } from "./place.js";
import { ask, sync, who } from "./queue.js";
import { recorder } from "./recorder.js";
import * as walk from "./walk.js";

const root = document.querySelector("[data-today]");
const find = (name, from = root) => from.querySelector(`[data-${name}]`);
const template = find("task").content.firstElementChild;
const ON_SPOT = "handle_on_spot";
const tapes = new Map(); // the recorder of each card that is drawn
let drawn = ""; // the tasks whose cards these are

/** 取任务: refreshes what is kept; without a network the kept ones stand. */
export async function refresh() {
  const told_at = Date.now();
  try {
    const answer = await ask("today", { headers: { "X-Background": "1" } });
    if (answer.ok) {
      const told = await answer.json();
      await store.keep("today", { ...told, told_at });
      await store.keep("subjects", told.subjects);
      await store.keep("questions", told.questions);
      await store.keep("on_spot", told.on_spot);
    }
  } catch {
    // no network or no session: the page says so elsewhere, and shows what it has
  }
  await Promise.all([draw(), walk.draw()]);
}

export async function draw() {
  const told = (await store.kept("today")) ?? { tasks: [], grids: [] };
  watch();
  const mine = (await store.all()).filter((item) => item.state !== "refused");
  const answered = new Set(mine.map((item) => item.task).filter(Boolean));
  const open = told.tasks.filter((task) => !answered.has(named(task)));
  find("grids").textContent = told.grids.join("、") || root.dataset.noGrid;
  find("count").textContent = String(open.length);
  // Each item that goes out asks for a drawing: a card that stays the same stays under the thumb, and
  // one in use stays in any case, or a photo or a word on its way to it would come to nothing.
  const words = JSON.stringify(open);
  const left = new Set(open.map(named));
  for (const row of [...find("tasks").children]) {
    if (!left.has(row.dataset.task) && !inUse(row.querySelector("form"))) row.remove();
  }
  if (words === drawn || [...find("tasks").querySelectorAll("form")].some(inUse)) return;
  drawn = words;
  tapes.clear();
  find("tasks").replaceChildren(...sorted(open).map(card));
  find("empty").hidden = open.length > 0;
}

const WORST = ["overdue", "near"];

// Overdue first, then what is near its limit; among equals the nearer one.
function sorted(tasks) {
  const rank = ({ standing }) => (WORST.includes(standing) ? WORST.indexOf(standing) : WORST.length);
  const away = (task) => metresTo(task.lon, task.lat) ?? 0;
  return [...tasks].sort((a, b) => rank(a) - rank(b) || away(a) - away(b));
}

const named = (task) => `${task.number}/${task.n}`;

const inUse = (form) => {
  const { note, photos, after } = form.elements;
  return note.value || photos.files.length || after.files.length || taping(form) || held(form);
};

// The note is being begun, or the camera is open and has not come back.
const held = (form) => document.activeElement === form.elements.note || form.dataset.picking;

const taping = (form) => tapes.get(form)?.running() || tapes.get(form)?.clips().length;

// One moves while one reads: distances are told anew, the cards stay where they are.
function distances() {
  for (const row of find("tasks").querySelectorAll("[data-lon]")) {
    find("far", row).textContent = far(metresTo(Number(row.dataset.lon), Number(row.dataset.lat)));
  }
}

function card(task) {
  const row = template.cloneNode(true);
  [row.dataset.number, row.dataset.lon, row.dataset.lat] = [task.number, task.lon, task.lat];
  row.dataset.task = named(task);
  find("kind", row).textContent = task.kind;
  find("title", row).textContent = task.title;
  find("address", row).textContent = task.address;
  find("due", row).textContent = task.due;
  find("due", row).dataset.state = task.standing;
  find("far", row).textContent = far(metresTo(task.lon, task.lat));
  const form = row.querySelector("form");
  find("answers", row).replaceChildren(...task.answers.map(([verb, title]) => answer(verb, title)));
  find("after", row).hidden = !task.answers.some(([verb]) => verb === ON_SPOT);
  tapes.set(form, recorder(find("recorder", row)));
  for (const shots of [form.elements.photos, form.elements.after]) {
    shots.addEventListener("click", () => (form.dataset.picking = "1"));
    for (const over of ["change", "cancel"]) shots.addEventListener(over, () => delete form.dataset.picking);
  }
  form.addEventListener("submit", (event) => send(event, task));
  return row;
}

function answer(verb, title) {
  const button = document.createElement("button");
  button.className = "btn";
  button.value = verb;
  button.textContent = title;
  return button;
}

// A photo for each of its sides where it was put right, else those of the look.
async function pictures(form, verb, task) {
  const taken = (name, role) => [...form.elements[name].files].map((file) => picture(file, role, place()));
  const spoken = clips(tapes.get(form), place());
  if (verb !== ON_SPOT) return Promise.all([...taken("photos", task.role), ...spoken]);
  const sides = [...taken("photos", "before"), ...taken("after", "after"), ...spoken];
  return form.elements.photos.files.length && form.elements.after.files.length ? Promise.all(sides) : null;
}

function trouble(form, words) {
  const said = find("trouble", form);
  [said.textContent, said.hidden] = [words, false];
}

async function send(event, task) {
  event.preventDefault();
  const [form, verb] = [event.target, event.submitter.value];
  const user = who() || (await store.kept("user"));
  if (!user || form.dataset.busy) return;
  if (tapes.get(form).running()) return trouble(form, find("recorder", form).dataset.saidBusy);
  form.dataset.busy = "1";
  try {
    const taken = await pictures(form, verb, task);
    if (!taken) return trouble(form, root.dataset.sides);
    if (task.must && !taken.some(({ declared }) => declared.role !== "recording")) return trouble(form, root.dataset.must);
    const content = { note: form.elements.note.value, base_n: task.n };
    const item = newItem(user, `cases/${task.number}/${verb}`, content, taken, `${event.submitter.textContent} ${task.title}`);
    await store.save({ ...item, task: named(task) }, taken);
    form.reset();
    form.elements.note.blur(); // not every browser moves the focus to a button that was pressed
    tapes.get(form).clear();
    await draw();
  } catch {
    trouble(form, root.dataset.full); // the form is as it was: nothing is lost by a full phone
  } finally {
    delete form.dataset.busy;
  }
  sync({ now: true });
}

onMove(distances);
