// The frame of every page. Each module stands alone; what pages may ask of them is in docs/house.md §5.
import "./menus.js";
import "./keys.js";
import "./toast.js";
import "./requests.js";
import "./confirm.js";
import "./drafts.js";
