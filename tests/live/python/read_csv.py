"""Reads all CSV files of a folder as one table, with DuckDB and with pandas, and tells what each took it for."""

import glob
import json
import sys

import duckdb
import pandas

folder = sys.argv[1]
table = f"read_csv('{folder}/*.csv')"
types = duckdb.sql(f"describe select * from {table}").fetchall()
by_rate = duckdb.sql(
    f"""select model, rate, value from {table}
    where test = 'load' and metric = 'latency_p95' and rate >= 40 order by run, rate"""
)
frame = pandas.concat(
    [pandas.read_csv(path, parse_dates=["started_at"]) for path in sorted(glob.glob(f"{folder}/*.csv"))],
    ignore_index=True,
)
sweep = frame[(frame.test == "scalability") & (frame.metric == "requests_per_second")]
json.dump(
    {
        "duckdb": {
            "types": {name: type for name, type, *_ in types},
            "rows": duckdb.sql(f"select count(*) from {table}").fetchone()[0],
            "runs": duckdb.sql(f"select count(distinct run) from {table}").fetchone()[0],
            "byRate": by_rate.fetchall(),
        },
        "pandas": {
            "types": {name: str(type) for name, type in frame.dtypes.items()},
            "rows": len(frame),
            "runs": int(frame.run.nunique()),
            "sweep": sweep.pivot_table(index="concurrency", columns="run", values="value").to_dict("list"),
        },
    },
    sys.stdout,
)
