// Before the first paint: the theme that was chosen here, else the system's, which is followed while nothing is chosen.
(function () {
  "use strict"
  const system = window.matchMedia("(prefers-color-scheme: dark)")
  const chosen = /(?:^|; )planwise_theme=(dark|light)/.exec(document.cookie)?.[1]

  function wear(theme) {
    document.documentElement.dataset.theme = theme
    window.planwise?.dress?.()
  }

  wear(chosen ?? (system.matches ? "dark" : "light"))
  const follow = () => wear(system.matches ? "dark" : "light")
  if (chosen == null) { system.addEventListener("change", follow) }

  document.addEventListener("click", (event) => {
    if (event.target.closest?.("#pw-theme") == null) { return }
    const theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark"
    document.cookie = `planwise_theme=${theme};path=/;max-age=31536000;samesite=lax`
    system.removeEventListener("change", follow)
    wear(theme)
  })
})()
