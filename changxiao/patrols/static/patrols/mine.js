// 我的巡查: the phone says where it is, if it may; the walk begins and ends without that too.
const form = document.querySelector("[data-walk]");
const [lon, lat] = [form.elements.lon, form.elements.lat];

navigator.geolocation?.getCurrentPosition(
  ({ coords }) => {
    lon.value = coords.longitude.toFixed(7);
    lat.value = coords.latitude.toFixed(7);
  },
  () => {},
  { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
);
