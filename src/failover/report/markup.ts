/** HTML that is already escaped. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Content = Markup | string | number | readonly Markup[];

/** An HTML template: every value is escaped, unless it is Markup itself. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(strings.map((text, index) => text + textOf(values[index] ?? '')).join(''));
}

export const nothing = new Markup('');

/** Data for a `<script type="application/json">`: no text in it can end the element, and line ends of JavaScript are escaped. */
export function embeddedJson(data: unknown): Markup {
  const coded = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return new Markup(JSON.stringify(data).replace(/[<>&\u2028\u2029]/g, coded));
}

function textOf(value: Content): string {
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(({ text }) => text).join('');
  return String(value).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
