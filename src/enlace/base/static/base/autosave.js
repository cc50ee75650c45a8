// Drafts: <form data-draft-url="…"> sends its fields there after 1.5 s of quiet and says so in [data-draft-status].
// Nothing is kept in the browser: on a shared phone a stored draft would be a risk.
"use strict";
(() => {
  const QUIET = 1500;
  const RETRY = 20000;

  const watch = (form) => {
    const status = form.querySelector("[data-draft-status]");
    let timer = null;
    let dirty = false;
    let sending = false;
    let submitted = false;

    const say = (state, text) => {
      if (!status) return;
      status.dataset.state = state;
      status.textContent = text;
    };
    const clockTime = () =>
      new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

    const send = async () => {
      if (sending || submitted || !dirty) return;
      sending = true;
      dirty = false;
      try {
        const response = await post(form);
        if (response.ok) say("saved", `${status?.dataset.saved} ${clockTime()}`);
        else failed(response.type === "opaqueredirect" || [401, 403].includes(response.status) ? "expired" : "failed");
      } catch {
        failed("failed");
      } finally {
        sending = false;
      }
      if (dirty && status?.dataset.state === "saved") plan(QUIET);
    };
    const failed = (state) => {
      dirty = true;
      say(state, status?.dataset[state]);
      if (state === "failed") plan(RETRY);
    };
    const plan = (wait) => {
      clearTimeout(timer);
      timer = setTimeout(send, wait);
    };
    const changed = (event) => {
      if (event.target.type === "file") return;
      dirty = true;
      plan(QUIET);
    };

    form.addEventListener("input", changed);
    form.addEventListener("change", changed);
    form.addEventListener("submit", () => { submitted = true; clearTimeout(timer); });
    window.addEventListener("pageshow", () => { submitted = false; });
    window.addEventListener("online", () => plan(0));
    window.addEventListener("focus", async () => {
      if (status?.dataset.state !== "expired") return;
      await renewToken();
      send();
    });
    // Only what could not be saved is worth holding somebody back for, and never somebody who is leaving in a hurry.
    window.addEventListener("beforeunload", (event) => {
      const leaving = document.documentElement.classList.contains("leaving");
      if (dirty && !submitted && !leaving && ["failed", "expired"].includes(status?.dataset.state)) event.preventDefault();
    });
  };

  const post = (form) => {
    const body = new FormData(form);
    for (const input of form.querySelectorAll("input[type=file]")) body.delete(input.name);
    const token = body.get("csrfmiddlewaretoken");
    return fetch(form.dataset.draftUrl, {
      method: "POST", body, redirect: "manual", credentials: "same-origin",
      headers: token ? { "X-CSRFToken": token } : {},
    });
  };

  // After signing in again in another tab the old token no longer counts: take the new one from this page's own address.
  const renewToken = async () => {
    try {
      const response = await fetch(window.location.href, { credentials: "same-origin", redirect: "manual" });
      if (!response.ok) return;
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.querySelector("input[name=csrfmiddlewaretoken]");
      if (!fresh) return;
      for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = fresh.value;
    } catch { /* still offline: the next focus tries again */ }
  };

  for (const form of document.querySelectorAll("form[data-draft-url]")) watch(form);
})();
