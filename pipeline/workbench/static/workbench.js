// Keys, an ordered queue of what they do, and fragments of pages swapped in. Without this script
// every form works as an ordinary form; with it nothing else is possible, only quicker.
"use strict";
(() => {
  const waiting = []; // things to do, in the order they were pressed
  let isBusy = false;
  let pending = ""; // first letter of a two-letter key
  let sentence = -1; // which sentence is in focus
  let polls = 0;

  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector) => document.querySelector(selector);
  const isField = (el) => el.matches?.("input, textarea, select, [contenteditable]") &&
    !el.matches("input[type=checkbox], input[type=radio]");

  function tell(text) {
    const place = one("#told");
    if (place) place.textContent = text;
  }

  // --- pages ------------------------------------------------------------------------------
  async function load(url, options = {}) {
    const isWrite = options.method === "POST";
    let answer;
    try {
      answer = await fetch(url, { ...options, credentials: "same-origin" });
    } catch {
      tell(document.documentElement.lang === "fi" ? "Työpöytä ei vastaa. Käynnistä se uudelleen." : "The workbench does not answer. Start it again.");
      one("#told").className = "bar warn lost";
      waiting.length = 0;
      return;
    }
    const type = answer.headers.get("content-type") || "";
    if (!type.startsWith("text/html")) { location.href = url; return; }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    swap(page, one("main")?.querySelector("[data-report]")?.dataset.report);
    const address = answer.redirected || !isWrite ? answer.url : location.href;
    if (address !== location.href) history.pushState({}, "", address);
    if (answer.status === 409) waiting.length = 0; // the keys pressed after it were meant for another page
  }

  function swap(page, before) {
    for (const id of ["top", "bars", "work"]) {
      const fresh = page.getElementById(id);
      const old = document.getElementById(id);
      if (fresh && old) old.replaceWith(document.adoptNode(fresh));
    }
    document.title = page.title;
    document.body.dataset.keys = page.body?.dataset.keys || "on";
    const now = one("[data-report]")?.dataset.report;
    if (now !== before || now === undefined) {
      sentence = -1;
      window.scrollTo(0, 0);
    } else if (sentence >= 0) {
      focusSentence(sentence);
    }
    tell(page.title.split(" – ")[0]);
    settle();
    poll();
  }
  function settle() {
    const fold = one(".fold");
    if (fold && matchMedia("(max-width: 56rem)").matches) fold.open = false;
  }

  async function send(form, button) {
    const data = new URLSearchParams(new FormData(form));
    if (button?.name) data.append(button.name, button.value);
    const url = form.getAttribute("action") || location.href;
    if (form.method === "post") {
      await load(url, { method: "POST", body: data });
    } else {
      const kept = new URLSearchParams([...data].filter(([, value]) => value !== ""));
      await load(`${url.split("?")[0]}?${kept}`);
    }
  }

  async function work() {
    if (isBusy) return;
    isBusy = true;
    try {
      while (waiting.length) await waiting.shift()();
    } finally {
      isBusy = false;
    }
  }
  function then(task) {
    waiting.push(task);
    work();
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.plain !== undefined) return;
    event.preventDefault();
    const button = event.submitter;
    then(() => send(form, button));
  });
  window.addEventListener("popstate", () => then(() => load(location.href)));
  window.addEventListener("beforeunload", (event) => { if (waiting.length || isBusy) event.preventDefault(); });

  // --- keys -------------------------------------------------------------------------------
  const named = (name) => all("[data-key]").find((el) => el.dataset.key === name && !el.disabled);

  async function press(name) {
    const el = named(name);
    if (!el) return;
    if (el.matches("summary")) {
      const fold = el.closest("details");
      fold.open = true;
      fold.querySelector("textarea, input:not([type=hidden]), select")?.focus();
      fold.querySelector("textarea")?.focus();
    } else if (el.matches("a")) {
      await load(el.href);
    } else if (el.form) {
      await send(el.form, el);
    }
  }

  async function onSentence(letter) {
    const el = named(letter);
    const form = one("#on-sentence");
    const segment = all(".sentence")[sentence];
    if (!form || !el?.dataset.theme || !segment) return;
    form.elements.lause.value = segment.dataset.segment;
    form.elements.teema.value = el.dataset.theme;
    await send(form, form.querySelector("button[name=do]"));
  }

  async function onQuote(value) {
    const form = one("#quote-form");
    const segment = all(".sentence")[sentence];
    if (!form || !segment) return;
    form.elements.lause.value = segment.dataset.segment;
    const button = all("button[name=do]", form).find((el) => el.value === value);
    if (button) await send(form, button);
  }

  function focusSentence(place) {
    const found = all(".sentence");
    if (!found.length) return;
    sentence = Math.max(0, Math.min(found.length - 1, place));
    found.forEach((el, i) => { el.tabIndex = i === sentence ? 0 : -1; });
    found[sentence].focus();
  }

  document.addEventListener("focusin", (event) => {
    const at = all(".sentence").indexOf(event.target.closest?.(".sentence"));
    if (at >= 0) sentence = at;
  });
  document.addEventListener("click", (event) => {
    const at = all(".sentence").indexOf(event.target.closest?.(".sentence"));
    if (at >= 0 && !String(getSelection())) focusSentence(at);
  });

  document.addEventListener("keydown", (event) => {
    const target = event.target;
    const isCtrl = event.ctrlKey || event.metaKey;
    if (isCtrl && event.key === "Enter" && target.form) {
      event.preventDefault();
      target.form.requestSubmit();
      return;
    }
    if (event.key === "Escape") {
      pending = "";
      const fold = target.closest?.("details.tools");
      if (fold) { fold.open = false; fold.querySelector("summary").focus(); } else target.blur?.();
      return;
    }
    if (isField(target) || document.querySelector("dialog[open]") || event.isComposing) return;
    if (isCtrl && !event.altKey && event.key.toLowerCase() === "z") {
      event.preventDefault();
      const name = event.shiftKey ? "Ctrl+Shift+z" : "Ctrl+z";
      then(() => press(name));
      return;
    }
    if (isCtrl || event.altKey) return;
    if (event.key === "Enter") {
      // A button or a link in focus keeps its own meaning, unless nothing but the page is in focus.
      if (target.matches?.("a, button, summary, input, label")) return;
      event.preventDefault();
      if (!event.repeat) then(() => press("Enter"));
      return;
    }
    if (document.body.dataset.keys === "off") return;
    const key = event.key;
    if (key.startsWith("Arrow")) {
      if (target.closest?.(".scroll, table")) return;
      if (key === "ArrowUp" || key === "ArrowDown") {
        if (!one(".sentence")) return;
        event.preventDefault();
        focusSentence(sentence + (key === "ArrowDown" ? 1 : -1));
      } else if (named(key)) {
        event.preventDefault();
        then(() => press(key));
      }
      return;
    }
    if (key === "F2" && one("[data-focus=F2]")) {
      event.preventDefault();
      one("[data-focus=F2]").focus();
      return;
    }
    if (key === "#") {
      const button = target.closest?.("[data-word]") || target.closest?.("tr")?.querySelector("[data-word]");
      if (button) {
        event.preventDefault();
        then(() => send(button.form, button));
      }
      return;
    }
    if (key === "/") {
      event.preventDefault();
      one("[data-focus='/']")?.focus();
      return;
    }
    if ((key === "+" || key === "-") && one("#quote-form") && sentence >= 0) {
      event.preventDefault();
      then(() => onQuote(key === "+" ? "pin" : "ban"));
      return;
    }
    if (/^[a-z]$/i.test(key) && one("[data-report]")) {
      const letter = pending + key.toLowerCase();
      const isShift = event.shiftKey;
      event.preventDefault();
      if (!named(letter) && all("[data-key]").some((el) => el.dataset.key.length === 2 && el.dataset.key.startsWith(letter))) {
        pending = letter;
        tell(`${letter}…`);
        return;
      }
      pending = "";
      then(() => (isShift ? onSentence(letter) : press(letter)));
      return;
    }
    pending = "";
    if (key.length === 1 && named(key)) {
      event.preventDefault();
      then(() => press(key));
    }
  });

  // --- small conveniences -----------------------------------------------------------------
  document.addEventListener("change", (event) => {
    const el = event.target;
    if (el.matches("[data-submit]")) el.form.requestSubmit();
    if (el.matches("[data-all]")) all("input[name=id]", el.form).forEach((box) => { box.checked = el.checked; });
  });
  document.addEventListener("dragstart", (event) => {
    const card = event.target.closest?.("[data-drag]");
    if (card) event.dataTransfer.setData("text/plain", card.dataset.drag);
  });
  document.addEventListener("dragover", (event) => {
    if (event.target.closest?.("[data-drop]")) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const card = event.target.closest?.("[data-drop]");
    const dragged = event.dataTransfer.getData("text/plain");
    if (!card || !dragged || dragged === card.dataset.drop) return;
    event.preventDefault();
    const form = one(`#${CSS.escape(card.dataset.form)}`);
    if (form?.elements.toinen) {
      form.elements.toinen.value = dragged;
      form.requestSubmit(form.querySelector("button[value=merge]"));
    }
  });

  // --- a loop on the map picks reports in the list beside it ------------------------------
  let loop = null;
  const inLoop = (x, y) => loop.points.reduce((inside, [x1, y1], i) => {
    const [x2, y2] = loop.points[(i + 1) % loop.points.length];
    return (y1 > y) !== (y2 > y) && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1 ? !inside : inside;
  }, false);
  document.addEventListener("pointerdown", (event) => {
    const map = event.target.closest?.("[data-lasso]");
    if (map && event.isPrimary) loop = { map, points: [] };
  });
  document.addEventListener("pointermove", (event) => {
    if (!loop) return;
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(loop.map.getScreenCTM().inverse());
    loop.points.push([at.x, at.y]);
    loop.map.querySelector(".lasso").setAttribute("points", loop.points.map((p) => p.join(",")).join(" "));
  });
  document.addEventListener("pointerup", () => {
    if (loop && loop.points.length > 2) {
      for (const dot of loop.map.querySelectorAll("circle")) {
        const isIn = inLoop(Number(dot.getAttribute("cx")), Number(dot.getAttribute("cy")));
        const box = all("input[name=raportti]").find((el) => el.value === dot.dataset.id);
        dot.classList.toggle("picked", isIn);
        if (box) box.checked = isIn;
      }
    }
    loop = null;
  });

  // --- a run in progress ------------------------------------------------------------------
  async function poll() {
    const mine = ++polls;
    while (mine === polls && one("[data-poll]")) {
      await new Promise((done) => { setTimeout(done, 1000); });
      if (mine !== polls) return;
      let told;
      try { told = await (await fetch("/tila", { credentials: "same-origin" })).json(); } catch { return; }
      all(".stages li").forEach((li, i) => { li.className = told.stages[i]?.state || ""; });
      if (!told.runs && mine === polls) then(refreshBars);
    }
  }
  async function refreshBars() {
    // Only the bar changes: what the reader works on stays as it is.
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    const parts = location.pathname === "/" ? ["bars", "work"] : ["bars"];
    for (const id of parts) {
      const fresh = page.getElementById(id);
      if (fresh) document.getElementById(id).replaceWith(document.adoptNode(fresh));
    }
  }
  settle();
  poll();
})();
