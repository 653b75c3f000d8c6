// The figures of the table, grouped by their optional parts: a trend, a limit, a place in the history.
import type { Figure } from './figure.ts';
import { type FigureRow, figures, type Row } from './figures.ts';

/** The ids of the rows that have all of `Part`. */
type IdWith<Part> = Extract<Row, Part>['id'];

export type TrendFigure = IdWith<{ readonly trend: true }>;
export const trendFigures = figures.filter(({ trend }) => trend) as readonly FigureRow<TrendFigure>[];

/** The figures of an upgrade. */
export const upgradeFigures = figures.filter(({ inUpgrade }) => inUpgrade);

type LimitId = IdWith<{ readonly limit: object }>;
/** A row that has a limit. */
type LimitRow = FigureRow<LimitId> & Required<Pick<Figure, 'limit'>>;
export const limited = figures.filter(({ limit }) => limit) as readonly LimitRow[];

/** The limits, each in its figure's unit. */
export type Thresholds = Readonly<Record<LimitId, number>>;

type Nullable = IdWith<{ readonly history: { readonly nullable: true } }>;
type Needed = IdWith<{ readonly history: { readonly required: true } }>;
type Later = Exclude<IdWith<{ readonly history: object }>, Needed>;
/** The figures of one line of the history. */
export type KeptFigures = { readonly [Id in Needed]: Id extends Nullable ? number | null : number } & {
  readonly [Id in Later]?: Id extends Nullable ? number | null : number;
};

export const keptFigures = figures.filter(({ history }) => history) as readonly (FigureRow<Needed | Later> &
  Required<Pick<Figure, 'history'>>)[];
