/** The last values of a figure as a line, oldest first. What it shows is said in words by `name`. */
export function Sparkline({ values, name }: { values: readonly number[]; name: string }) {
  const highest = Math.max(1, ...values);
  const step = values.length > 1 ? width / (values.length - 1) : width;
  const points = values.map(
    (value, index) => `${round(index * step)},${round(height - 2 - (value / highest) * (height - 4))}`,
  );
  return (
    <svg
      role="img"
      aria-label={name}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      className="h-9 w-full"
    >
      {points.length > 1 && (
        <>
          <polygon points={`0,${height} ${points.join(" ")} ${width},${height}`} className="fill-accent-soft" />
          <polyline
            points={points.join(" ")}
            fill="none"
            strokeWidth="1.5"
            vectorEffect="non-scaling-stroke"
            className="stroke-accent"
          />
        </>
      )}
      {points.length <= 1 && (
        <line
          x1="0"
          x2={width}
          y1={height - 2}
          y2={height - 2}
          vectorEffect="non-scaling-stroke"
          className="stroke-line-strong"
        />
      )}
    </svg>
  );
}

const width = 240;
const height = 36;
const round = (value: number): number => Math.round(value * 10) / 10;
