// The place: where the phone is, a point on the map (loaded when it is asked for), or written.
const form = document.getElementById("report");
const picked = form.querySelector("[data-picked]");
const { lon, lat, crs } = form.elements;

export const ask = async (query) => {
  const answer = await fetch(`${form.dataset.place}?${new URLSearchParams(query)}`);
  return { inside: answer.ok, ...(await answer.json()) };
};

export function locate(then, denied) {
  if (!navigator.geolocation) return denied();
  const wanted = { enableHighAccuracy: true, timeout: 12000, maximumAge: 30000 };
  return navigator.geolocation.getCurrentPosition(({ coords }) => then(coords), denied, wanted);
}

export async function put(place) {
  [lon.value, lat.value, crs.value] = [place.lon, place.lat, place.crs ?? "wgs84"];
  if (lon.value) {
    const told = await ask({ lon: lon.value, lat: lat.value, crs: crs.value });
    picked.textContent = told.words;
    picked.classList.toggle("bad", !told.inside);
  }
  lon.dispatchEvent(new Event("change", { bubbles: true }));
}

form.querySelector("[data-locate]").addEventListener("click", () => {
  picked.textContent = picked.dataset.asking;
  locate(
    ({ longitude, latitude }) => put({ lon: longitude.toFixed(6), lat: latitude.toFixed(6) }),
    () => (picked.textContent = picked.dataset.denied),
  );
});

// -- the map, a megabyte, only for whoever wants it --------------------------------------------------
const dialog = document.getElementById("pick-place");
const opener = form.querySelector("[data-map-open]");
opener.hidden = !dialog;
opener.addEventListener("click", async () => {
  if (opener.dataset.pickPlace !== undefined) return;
  for (const href of dialog.dataset.sheets.split(" ")) {
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
  }
  await import(dialog.dataset.module);
  opener.dataset.pickPlace = "";
  opener.click();
});

// -- written: two characters offer places -------------------------------------------------------------
const spots = form.querySelector("[data-spots]");
let typing;

function offer(found) {
  spots.replaceChildren(
    ...found.map((one) => {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: one.words });
      button.addEventListener("click", () => {
        form.elements.address.value = one.words;
        spots.replaceChildren();
        put(one);
      });
      const line = document.createElement("li");
      line.append(button);
      return line;
    }),
  );
}

form.elements.address.addEventListener("input", ({ target }) => {
  clearTimeout(typing);
  const words = target.value.trim();
  typing = setTimeout(async () => {
    // What is measured on the spot is better than what a name means: words then only describe it.
    if (words.length < 2 || lon.value) return spots.replaceChildren();
    return offer((await ask({ words })).spots ?? []);
  }, 250);
});
