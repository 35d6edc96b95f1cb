// The print page's own button; the browser's print command works without it.
document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
