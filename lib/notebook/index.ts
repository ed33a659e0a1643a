export { bundleOf, display } from "./display";
export { Html, html, type HtmlPart } from "./html";
