import { init } from 'echarts';

import type { Column } from './result-table.js';
import type { Result } from './rounds.js';
import { median, threeDigits } from './statistics.js';

const WIDTH = 800;
const BAR_HEIGHT = 34;
const FRAME_HEIGHT = 100;

export interface BarChart<F> {
  readonly title: string;
  readonly results: readonly Result<F>[];
  readonly column: Column<F>;
  /** Where the figures lie orders of magnitude apart. */
  readonly isLogarithmic?: boolean;
}

/** A picture (SVG) of the medians, a bar for each contestant that has figures. */
export function barChart<F>({
  title,
  results,
  column: [unit, figure],
  isLogarithmic = false,
}: BarChart<F>): string {
  const bars = results.flatMap((result) =>
    'turns' in result ? [{ name: result.contestant, value: median(result.turns.map(figure)) }] : [],
  );
  const chart = init(null, null, {
    renderer: 'svg',
    ssr: true,
    width: WIDTH,
    height: FRAME_HEIGHT + BAR_HEIGHT * bars.length,
  });
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    title: { text: title, left: 'center', textStyle: { fontSize: 15 } },
    grid: { left: 20, right: 80, top: 45, bottom: 40, containLabel: true },
    xAxis: { type: isLogarithmic ? 'log' : 'value', name: unit, nameLocation: 'middle', nameGap: 25 },
    yAxis: { type: 'category', inverse: true, data: bars.map(({ name }) => name) },
    series: [
      {
        type: 'bar',
        data: bars.map(({ value }) => value),
        label: {
          show: true,
          position: 'right',
          formatter: ({ value }: { readonly value: unknown }) => threeDigits(Number(value)),
        },
      },
    ],
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}
