// Picks a place on a map for a form: the cross in the middle of the dialog's map is the place, so a
// thumb, a mouse and the arrow keys pick alike. What place that is stands below at once.
import { open } from "./ground.js";

const STILL = 150; // ms without movement before the server is asked

function fieldsOf(opener) {
  const form = opener.closest("form") ?? document;
  const find = (name) => form.querySelector(opener.dataset[name] || `[name=${name}]`);
  return { lon: find("lon"), lat: find("lat"), crs: find("crs") };
}

async function ask(dialog, lon, lat, crs) {
  const query = new URLSearchParams({ lon, lat, crs });
  const answer = await fetch(`${dialog.dataset.at}?${query}`, { headers: { "X-Background": "1" } });
  return { inside: answer.ok, ...(await answer.json()) };
}

class Picker {
  constructor(dialog) {
    this.dialog = dialog;
    this.box = dialog.querySelector("[data-map]");
    this.told = dialog.querySelector("[data-told]");
    this.take = dialog.querySelector("[data-take]");
    this.take.addEventListener("click", () => this.taken());
    dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  }

  async open(opener) {
    this.fields = fieldsOf(opener);
    this.dialog.showModal();
    try {
      await this.show();
      this.map.getCanvas().focus();
      this.moved();
    } catch {
      this.told.textContent = this.dialog.dataset.failed;
    }
  }

  async show() {
    const { lon, lat, crs } = this.fields;
    const start = lon.value && lat.value ? await ask(this.dialog, lon.value, lat.value, crs?.value ?? "wgs84") : {};
    const centre = start.lon ? [start.lon, start.lat] : null;
    if (this.map) {
      this.map.resize();
      if (centre) this.map.jumpTo({ center: centre, zoom: 17 });
    } else {
      ({ map: this.map } = await open(this.box, { centre, zoom: 17 }));
      this.map.on("moveend", () => this.moved());
      this.map.on("click", (event) => this.map.easeTo({ center: event.lngLat }));
    }
  }

  moved() {
    clearTimeout(this.waiting);
    this.take.disabled = true;
    this.waiting = setTimeout(() => this.tell(), STILL);
  }

  async tell() {
    const { lng, lat } = this.map.getCenter();
    const place = await ask(this.dialog, lng.toFixed(6), lat.toFixed(6), "wgs84");
    this.place = place;
    this.told.textContent = place.words;
    this.told.classList.toggle("state-overdue", !place.inside);
    this.take.disabled = !place.inside;
  }

  taken() {
    const { lon, lat, crs } = this.fields;
    lon.value = this.place.lon;
    lat.value = this.place.lat;
    if (crs) crs.value = "wgs84";
    for (const field of [lon, lat, crs]) field?.dispatchEvent(new Event("change", { bubbles: true }));
    const note = lon.closest("form")?.querySelector("[data-picked]");
    if (note) note.textContent = this.place.words;
    this.dialog.close();
  }
}

const pickers = new WeakMap();
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-pick-place]");
  const dialog = opener && document.getElementById("pick-place");
  if (!dialog?.querySelector("[data-map]")) return;
  if (!pickers.has(dialog)) pickers.set(dialog, new Picker(dialog));
  pickers.get(dialog).open(opener);
});
