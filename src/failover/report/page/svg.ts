type Attributes = Readonly<Record<string, string | number>>;

/** Adds an element of SVG, with a text if there is one. */
export function add(parent: Element, name: string, attributes: Attributes, text?: string): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  if (text !== undefined) element.textContent = text;
  parent.appendChild(element);
  return element;
}
