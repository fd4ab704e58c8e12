"use strict";
// Dark where the reader's system is dark; Swagger UI takes the class on the root element.
const dark = matchMedia("(prefers-color-scheme: dark)");
const paint = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", paint);
paint();

// Swagger UI puts a link into the button that opens an operation, where assistive technology cannot reach it.
// The button alone does the same: it also puts the operation into the address.
const PlainNames = (system) => ({
  wrapComponents: {
    DeepLink: () => ({ text }) => system.React.createElement("span", null, text),
  },
});

// Where the document also takes no key ({}), Swagger UI draws a closed padlock, as if one were needed. The button
// above the list is there for those who have one.
const NoIdlePadlocks = (system) => ({
  wrapComponents: {
    OperationSummary: (Summary) => (props) => {
      const ways = props.operationProps.get("security");
      const optional = ways?.some((way) => way.isEmpty());
      const operationProps = optional ? props.operationProps.set("security", ways.clear()) : props.operationProps;
      return system.React.createElement(Summary, { ...props, operationProps });
    },
  },
});

// Swagger UI's own filter takes only the tags' own capitals.
const FilterInAnyCase = () => ({
  fn: {
    opsFilter: (tagged, phrase) => tagged.filter((_, tag) => tag.toLowerCase().includes(phrase.toLowerCase())),
  },
});

// Swagger UI leaves controls without a name, and what scrolls out of the keyboard's reach.
const NAMES = { servers: "Server" };
const mend = () => {
  for (const control of document.querySelectorAll("#docs :is(input, select, textarea):not([aria-label])")) {
    const parameter = control.closest("[data-param-name]")?.dataset.paramName;
    const name = parameter ?? NAMES[control.id] ?? control.placeholder;
    control.setAttribute("aria-label", name || "Media type");
  }
  for (const area of document.querySelectorAll("#docs pre.microlight:not([tabindex])")) area.tabIndex = 0;
};
new MutationObserver(mend).observe(document.getElementById("docs"), { childList: true, subtree: true });

SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#docs",
  presets: [SwaggerUIBundle.presets.apis],
  plugins: [PlainNames, NoIdlePadlocks, FilterInAnyCase],
  layout: "BaseLayout",
  deepLinking: true,
  filter: true,
  tryItOutEnabled: true,
  persistAuthorization: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  syntaxHighlight: { theme: "obsidian" }, // the one whose every colour is clear enough on Swagger UI's two grounds
  validatorUrl: null,
});
