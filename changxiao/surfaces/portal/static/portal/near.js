// The public list: around the reader, and the map when it is asked for.
document.documentElement.dataset.scripted = "";
const box = document.querySelector("[data-near-map]");

document.querySelector("[data-around]").addEventListener("click", () => {
  navigator.geolocation?.getCurrentPosition(({ coords }) => {
    const { longitude: lon, latitude: lat } = coords;
    window.location.search = new URLSearchParams({ lon: lon.toFixed(4), lat: lat.toFixed(4) });
  });
});

async function draw() {
  for (const href of box.dataset.sheets.split(" ")) {
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
  }
  const [{ open }, answer] = await Promise.all([import(box.dataset.module), fetch(box.dataset.points)]);
  const { map } = await open(box.querySelector("[data-map]"), {});
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  map.addSource("released", { type: "geojson", data: await answer.json() });
  map.addLayer({
    id: "released",
    type: "circle",
    source: "released",
    paint: {
      "circle-radius": 7,
      "circle-color": ["case", ["get", "over"], token("--cx-on-track"), token("--cx-near")],
      "circle-stroke-color": token("--cx-surface"),
      "circle-stroke-width": 2,
    },
  });
  box.dataset.painted = "";
}

document.querySelector("[data-map-show]").addEventListener("click", () => {
  if (!box) return;
  box.hidden = !box.hidden;
  if (!box.hidden && !box.dataset.begun) {
    box.dataset.begun = "1";
    draw();
  }
});
