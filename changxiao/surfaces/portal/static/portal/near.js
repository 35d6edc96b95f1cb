// The public list: around the reader, and the map when it is asked for.
document.documentElement.dataset.scripted = "";
const box = document.querySelector("[data-near-map]");

document.querySelector("[data-around]").addEventListener("click", () => {
  navigator.geolocation?.getCurrentPosition(({ coords }) => {
    const { longitude: lon, latitude: lat } = coords;
    window.location.search = new URLSearchParams({ lon: lon.toFixed(4), lat: lat.toFixed(4) });
  });
});

// Done is a ring and what is being done is filled, as the words below the map say.
const layers = (c) => [{
  id: "released", type: "circle", source: "released",
  paint: {
    "circle-radius": 6,
    "circle-color": ["case", ["get", "over"], c.surface, c.near],
    "circle-stroke-color": ["case", ["get", "over"], c["on-track"], c.surface],
    "circle-stroke-width": 2.5,
  },
}];

// Around the reader where that is known, else where the cases are.
function view(data) {
  const asked = new URLSearchParams(location.search);
  if (asked.get("lon")) return { centre: [Number(asked.get("lon")), Number(asked.get("lat"))], zoom: 14 };
  const [lons, lats] = [0, 1].map((axis) => data.features.map((one) => one.geometry.coordinates[axis]));
  return lons.length ? { within: [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)] } : {};
}

async function draw() {
  for (const href of box.dataset.sheets.split(" ")) {
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
  }
  const [{ open }, answer] = await Promise.all([import(box.dataset.module), fetch(box.dataset.points)]);
  const data = await answer.json();
  await open(box.querySelector("[data-map]"), { ...view(data), sources: { released: { type: "geojson", data } }, more: layers });
  box.dataset.painted = "";
}

document.querySelector("[data-map-show]").addEventListener("click", () => {
  if (!box) return;
  box.hidden = !box.hidden;
  if (box.hidden || box.dataset.begun) return;
  box.dataset.begun = "1";
  draw().catch(() => { box.textContent = box.dataset.failed; });
});
