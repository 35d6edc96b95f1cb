-- reported 上报数
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."reported_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- valid_reported 有效上报数
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."reported_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND (
        (
          "t1"."filed_at" IS NOT NULL
        )
        AND (
          "t1"."filed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- public_reported 公众举报数
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."reported_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND "t1"."public_found"
      THEN 1
      ELSE 0
    END
  ) AS "n0"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- filed 立案数
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."filed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."filed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND NOT (
        "t1"."suspended"
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."filed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."filed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND "t1"."suspended"
      THEN 1
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- cancelled 作废数
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."voided_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."voided_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- should_dispatch 应派遣数
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."filed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."filed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- dispatched 派遣数
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."dispatched_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."dispatched_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- should_handle 应处置数
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND NOT (
        "t1"."appeal_upheld"
        OR (
          "t1"."joined_at" IS NOT NULL
        )
        OR "t1"."suspended"
        OR (
          "t1"."voided_at" IS NOT NULL
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND (
        "t1"."appeal_upheld"
        OR (
          "t1"."joined_at" IS NOT NULL
        )
        OR "t1"."suspended"
        OR (
          "t1"."voided_at" IS NOT NULL
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- handled 处置数
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."handled_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."handled_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- handled_on_time 按期处置数
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."handled_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."handled_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND NOT (
        "t1"."late"
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- handled_late 超期处置数
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."handled_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."handled_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND "t1"."late"
      AND NOT (
        "t1"."appeal_upheld"
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."handled_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."handled_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND "t1"."late"
      AND "t1"."appeal_upheld"
      THEN 1
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- late_unhandled 超期未处置数
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND NOT (
        (
          "t1"."handled_at" IS NOT NULL
        )
        AND (
          "t1"."handled_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      AND NOT (
        "t1"."appeal_upheld"
        OR (
          "t1"."joined_at" IS NOT NULL
        )
        OR "t1"."suspended"
        OR (
          "t1"."voided_at" IS NOT NULL
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND NOT (
        (
          "t1"."handled_at" IS NOT NULL
        )
        AND (
          "t1"."handled_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      AND (
        "t1"."appeal_upheld"
        OR (
          "t1"."joined_at" IS NOT NULL
        )
        OR "t1"."suspended"
        OR (
          "t1"."voided_at" IS NOT NULL
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- should_close 应结案数
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."close_due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."close_due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND NOT (
        "t1"."appeal_upheld"
        OR (
          "t1"."joined_at" IS NOT NULL
        )
        OR "t1"."suspended"
        OR (
          "t1"."voided_at" IS NOT NULL
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."close_due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."close_due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND (
        "t1"."appeal_upheld"
        OR (
          "t1"."joined_at" IS NOT NULL
        )
        OR "t1"."suspended"
        OR (
          "t1"."voided_at" IS NOT NULL
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- closed 结案数
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."closed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."closed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- closed_on_time 按期结案数
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."closed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."closed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND (
        "t1"."closed_at" <= "t1"."close_due_at"
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- missed 漏报数
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."filed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."filed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND "t1"."missed"
      THEN 1
      ELSE 0
    END
  ) AS "n0"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- reworked_1_2 返工一二次案卷数
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."closed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."closed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND "t1"."reworks" BETWEEN 1 AND 2
      THEN 1
      ELSE 0
    END
  ) AS "n0"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- reworked_3 返工三次以上案卷数
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."closed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."closed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND (
        "t1"."reworks" >= 3
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- reworked_1_2_important 领导交办及媒体案件返工一二次数
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."closed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."closed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND "t1"."reworks" BETWEEN 1 AND 2
      AND "t1"."important"
      THEN 1
      ELSE 0
    END
  ) AS "n0"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- reworked_3_important 领导交办及媒体案件返工三次以上数
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."closed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."closed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND (
        "t1"."reworks" >= 3
      )
      AND "t1"."important"
      THEN 1
      ELSE 0
    END
  ) AS "n0"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- rework 返工数
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'rework'
      )
      AND (
        (
          "t1"."done_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."done_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0"
FROM (
  SELECT
    *
  FROM "tasks" AS "t0"
  WHERE
    "t0"."started_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- returned 回退数
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'return'
      )
      AND (
        (
          "t1"."done_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."done_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0"
FROM (
  SELECT
    *
  FROM "tasks" AS "t0"
  WHERE
    "t0"."started_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- suspended 缓办/挂账数
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'suspend'
      )
      AND (
        (
          "t1"."done_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."done_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0"
FROM (
  SELECT
    *
  FROM "tasks" AS "t0"
  WHERE
    "t0"."started_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- should_verify 应核实数
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'confirm'
      )
      AND (
        (
          "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0"
FROM (
  SELECT
    *
  FROM "tasks" AS "t0"
  WHERE
    "t0"."started_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- verified_on_time 按时核实数
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'confirm'
      )
      AND (
        (
          "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      AND (
        "t1"."done_at" <= "t1"."due_at"
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0"
FROM (
  SELECT
    *
  FROM "tasks" AS "t0"
  WHERE
    "t0"."started_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- should_check 应核查数
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'check'
      )
      AND (
        (
          "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0"
FROM (
  SELECT
    *
  FROM "tasks" AS "t0"
  WHERE
    "t0"."started_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- checked_on_time 按时核查数
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'check'
      )
      AND (
        (
          "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      AND (
        "t1"."done_at" <= "t1"."due_at"
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0"
FROM (
  SELECT
    *
  FROM "tasks" AS "t0"
  WHERE
    "t0"."started_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- handling_rate 处置率
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND NOT (
        "t1"."appeal_upheld"
        OR (
          "t1"."joined_at" IS NOT NULL
        )
        OR "t1"."suspended"
        OR (
          "t1"."voided_at" IS NOT NULL
        )
      )
      AND (
        (
          "t1"."handled_at" IS NOT NULL
        )
        AND (
          "t1"."handled_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND NOT (
        "t1"."appeal_upheld"
        OR (
          "t1"."joined_at" IS NOT NULL
        )
        OR "t1"."suspended"
        OR (
          "t1"."voided_at" IS NOT NULL
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n1",
  SUM(
    CASE
      WHEN (
        "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND (
        "t1"."appeal_upheld"
        OR (
          "t1"."joined_at" IS NOT NULL
        )
        OR "t1"."suspended"
        OR (
          "t1"."voided_at" IS NOT NULL
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n2"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- on_time_handling_rate 按期处置率
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND NOT (
        "t1"."appeal_upheld"
        OR (
          "t1"."joined_at" IS NOT NULL
        )
        OR "t1"."suspended"
        OR (
          "t1"."voided_at" IS NOT NULL
        )
      )
      AND (
        (
          "t1"."handled_at" <= "t1"."due_at"
        ) AND NOT (
          "t1"."late"
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND NOT (
        "t1"."appeal_upheld"
        OR (
          "t1"."joined_at" IS NOT NULL
        )
        OR "t1"."suspended"
        OR (
          "t1"."voided_at" IS NOT NULL
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n1",
  SUM(
    CASE
      WHEN (
        "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND (
        "t1"."appeal_upheld"
        OR (
          "t1"."joined_at" IS NOT NULL
        )
        OR "t1"."suspended"
        OR (
          "t1"."voided_at" IS NOT NULL
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n2"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- closing_rate 结案率
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."close_due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."close_due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND NOT (
        "t1"."appeal_upheld"
        OR (
          "t1"."joined_at" IS NOT NULL
        )
        OR "t1"."suspended"
        OR (
          "t1"."voided_at" IS NOT NULL
        )
      )
      AND (
        (
          "t1"."closed_at" IS NOT NULL
        )
        AND (
          "t1"."closed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."close_due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."close_due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND NOT (
        "t1"."appeal_upheld"
        OR (
          "t1"."joined_at" IS NOT NULL
        )
        OR "t1"."suspended"
        OR (
          "t1"."voided_at" IS NOT NULL
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n1",
  SUM(
    CASE
      WHEN (
        "t1"."close_due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."close_due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND (
        "t1"."appeal_upheld"
        OR (
          "t1"."joined_at" IS NOT NULL
        )
        OR "t1"."suspended"
        OR (
          "t1"."voided_at" IS NOT NULL
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n2"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- on_time_closing_rate 按期结案率
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."close_due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."close_due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND NOT (
        "t1"."appeal_upheld"
        OR (
          "t1"."joined_at" IS NOT NULL
        )
        OR "t1"."suspended"
        OR (
          "t1"."voided_at" IS NOT NULL
        )
      )
      AND (
        "t1"."closed_at" <= "t1"."close_due_at"
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."close_due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."close_due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND NOT (
        "t1"."appeal_upheld"
        OR (
          "t1"."joined_at" IS NOT NULL
        )
        OR "t1"."suspended"
        OR (
          "t1"."voided_at" IS NOT NULL
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n1",
  SUM(
    CASE
      WHEN (
        "t1"."close_due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."close_due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND (
        "t1"."appeal_upheld"
        OR (
          "t1"."joined_at" IS NOT NULL
        )
        OR "t1"."suspended"
        OR (
          "t1"."voided_at" IS NOT NULL
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n2"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- late_closing_rate 超期结案率
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."close_due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."close_due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND NOT (
        "t1"."appeal_upheld"
        OR (
          "t1"."joined_at" IS NOT NULL
        )
        OR "t1"."suspended"
        OR (
          "t1"."voided_at" IS NOT NULL
        )
      )
      AND (
        (
          "t1"."closed_at" IS NOT NULL
        )
        AND (
          "t1"."closed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
        AND (
          "t1"."closed_at" > "t1"."close_due_at"
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."close_due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."close_due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND NOT (
        "t1"."appeal_upheld"
        OR (
          "t1"."joined_at" IS NOT NULL
        )
        OR "t1"."suspended"
        OR (
          "t1"."voided_at" IS NOT NULL
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n1",
  SUM(
    CASE
      WHEN (
        "t1"."close_due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."close_due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND (
        "t1"."appeal_upheld"
        OR (
          "t1"."joined_at" IS NOT NULL
        )
        OR "t1"."suspended"
        OR (
          "t1"."voided_at" IS NOT NULL
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n2"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- open_rate 未结案率
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."reported_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND (
        (
          "t1"."filed_at" IS NOT NULL
        )
        AND (
          "t1"."filed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      AND NOT (
        (
          "t1"."joined_at" IS NOT NULL
        )
        OR "t1"."suspended"
        OR (
          "t1"."voided_at" IS NOT NULL
        )
      )
      AND NOT (
        (
          "t1"."closed_at" IS NOT NULL
        )
        AND (
          "t1"."closed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."reported_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND (
        (
          "t1"."filed_at" IS NOT NULL
        )
        AND (
          "t1"."filed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      AND NOT (
        (
          "t1"."joined_at" IS NOT NULL
        )
        OR "t1"."suspended"
        OR (
          "t1"."voided_at" IS NOT NULL
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n1",
  SUM(
    CASE
      WHEN (
        "t1"."reported_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND (
        (
          "t1"."filed_at" IS NOT NULL
        )
        AND (
          "t1"."filed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      AND (
        (
          "t1"."joined_at" IS NOT NULL
        )
        OR "t1"."suspended"
        OR (
          "t1"."voided_at" IS NOT NULL
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n2"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- open_rate_as_seen 未结案率（照旧）
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."reported_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND (
        (
          "t1"."filed_at" IS NOT NULL
        )
        AND (
          "t1"."filed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
        AND NOT (
          (
            "t1"."closed_at" IS NOT NULL
          )
          AND (
            "t1"."closed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
          )
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."reported_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      THEN 1
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- rework_rate 返工率
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."closed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."closed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND (
        "t1"."reworks" > 0
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."closed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."closed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      THEN 1
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- rework_rate_as_seen 返工率（照旧）
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND (
        "t1"."reworks" > 0
      )
      THEN "t1"."reworks"
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      THEN 1
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- return_rate 回退率
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."dispatched_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."dispatched_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND (
        "t1"."returns" > 0
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."dispatched_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."dispatched_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      THEN 1
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- supervisor_report_rate 监督举报率
SELECT
  "t1"."city" AS "of_city",
  "t1"."district" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."reported_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND (
        (
          "t1"."channel" = 'collector'
        ) OR "t1"."public_found"
      )
      AND (
        "t1"."channel" = 'collector'
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."reported_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND (
        (
          "t1"."channel" = 'collector'
        ) OR "t1"."public_found"
      )
      THEN 1
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- public_report_rate 公众举报率
SELECT
  "t1"."city" AS "of_city",
  "t1"."district" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."reported_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND "t1"."public_found"
      THEN 1
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."reported_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      THEN 1
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- self_found_rate 自主发现率
SELECT
  "t1"."city" AS "of_city",
  "t1"."district" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."reported_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND "t1"."self_found"
      THEN 1
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."reported_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      THEN 1
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- urgent_on_time_rate 紧急案件按期处置率
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND "t1"."urgent"
      AND NOT (
        "t1"."appeal_upheld"
        OR (
          "t1"."joined_at" IS NOT NULL
        )
        OR "t1"."suspended"
        OR (
          "t1"."voided_at" IS NOT NULL
        )
      )
      AND (
        (
          "t1"."handled_at" <= "t1"."due_at"
        ) AND NOT (
          "t1"."late"
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND "t1"."urgent"
      AND NOT (
        "t1"."appeal_upheld"
        OR (
          "t1"."joined_at" IS NOT NULL
        )
        OR "t1"."suspended"
        OR (
          "t1"."voided_at" IS NOT NULL
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n1",
  SUM(
    CASE
      WHEN (
        "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND "t1"."urgent"
      AND (
        "t1"."appeal_upheld"
        OR (
          "t1"."joined_at" IS NOT NULL
        )
        OR "t1"."suspended"
        OR (
          "t1"."voided_at" IS NOT NULL
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n2"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- important_on_time_rate 领导交办及媒体案件按期处置率
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND "t1"."important"
      AND NOT (
        "t1"."appeal_upheld"
        OR (
          "t1"."joined_at" IS NOT NULL
        )
        OR "t1"."suspended"
        OR (
          "t1"."voided_at" IS NOT NULL
        )
      )
      AND (
        (
          "t1"."handled_at" <= "t1"."due_at"
        ) AND NOT (
          "t1"."late"
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND "t1"."important"
      AND NOT (
        "t1"."appeal_upheld"
        OR (
          "t1"."joined_at" IS NOT NULL
        )
        OR "t1"."suspended"
        OR (
          "t1"."voided_at" IS NOT NULL
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n1",
  SUM(
    CASE
      WHEN (
        "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND "t1"."important"
      AND (
        "t1"."appeal_upheld"
        OR (
          "t1"."joined_at" IS NOT NULL
        )
        OR "t1"."suspended"
        OR (
          "t1"."voided_at" IS NOT NULL
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n2"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- reopen_rate 重办率
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."closed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."closed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND "t1"."reopened"
      THEN 1
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."closed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."closed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      THEN 1
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- forced_closing_rate 强制结案率
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."closed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."closed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND "t1"."forced"
      THEN 1
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."closed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."closed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      THEN 1
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- sup_valid_rate 监督员有效上报率
SELECT
  "t1"."city" AS "of_city",
  "t1"."person" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'report'
      )
      AND (
        (
          "t1"."done_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."done_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      AND (
        "t1"."post" = 'collector'
      )
      AND (
        "t1"."sound" IS NOT NULL
      )
      AND "t1"."sound"
      THEN 1
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'report'
      )
      AND (
        (
          "t1"."done_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."done_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      AND (
        "t1"."post" = 'collector'
      )
      AND (
        "t1"."sound" IS NOT NULL
      )
      THEN 1
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "tasks" AS "t0"
  WHERE
    "t0"."started_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- sup_miss_rate 漏报率
SELECT
  "t1"."city" AS "of_city",
  "t1"."person" AS "ranked",
  SUM(
    CASE
      WHEN (
        (
          (
            "t1"."kind" = 'report'
          ) AND "t1"."sound" AND (
            "t1"."post" = 'collector'
          )
        )
        OR (
          "t1"."kind" = 'miss'
        )
      )
      AND (
        (
          "t1"."done_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."done_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      AND (
        "t1"."kind" = 'miss'
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        (
          (
            "t1"."kind" = 'report'
          ) AND "t1"."sound" AND (
            "t1"."post" = 'collector'
          )
        )
        OR (
          "t1"."kind" = 'miss'
        )
      )
      AND (
        (
          "t1"."done_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."done_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "tasks" AS "t0"
  WHERE
    "t0"."started_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- sup_miss_rate_as_seen 漏报率（照旧）
SELECT
  "t1"."city" AS "of_city",
  "t1"."person" AS "ranked",
  SUM(
    CASE
      WHEN (
        (
          (
            "t1"."kind" = 'report'
          ) AND "t1"."sound" AND (
            "t1"."post" = 'collector'
          )
        )
        OR (
          "t1"."kind" = 'miss'
        )
      )
      AND (
        (
          "t1"."done_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."done_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      AND (
        "t1"."kind" = 'miss'
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        (
          (
            "t1"."kind" = 'report'
          ) AND "t1"."sound" AND (
            "t1"."post" = 'collector'
          )
        )
        OR (
          "t1"."kind" = 'miss'
        )
      )
      AND (
        (
          "t1"."done_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."done_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN CASE
        WHEN (
          "t1"."kind" = 'report'
        ) AND "t1"."sound" AND (
          "t1"."post" = 'collector'
        )
        THEN 1
        ELSE 0
      END
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "tasks" AS "t0"
  WHERE
    "t0"."started_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- sup_verify_rate 按时核实率
SELECT
  "t1"."city" AS "of_city",
  "t1"."person" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'confirm'
      )
      AND (
        (
          "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      AND (
        "t1"."done_at" <= "t1"."due_at"
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'confirm'
      )
      AND (
        (
          "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "tasks" AS "t0"
  WHERE
    "t0"."started_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- sup_check_rate 按时核查率
SELECT
  "t1"."city" AS "of_city",
  "t1"."person" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'check'
      )
      AND (
        (
          "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      AND (
        "t1"."done_at" <= "t1"."due_at"
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'check'
      )
      AND (
        (
          "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "tasks" AS "t0"
  WHERE
    "t0"."started_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- acc_count 受理数
SELECT
  "t1"."city" AS "of_city",
  "t1"."person" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'accept'
      )
      AND (
        (
          "t1"."done_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."done_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0"
FROM (
  SELECT
    *
  FROM "tasks" AS "t0"
  WHERE
    "t0"."started_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- acc_on_time 按时受理率
SELECT
  "t1"."city" AS "of_city",
  "t1"."person" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'accept'
      )
      AND (
        (
          "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      AND (
        "t1"."done_at" <= "t1"."due_at"
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'accept'
      )
      AND (
        (
          "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "tasks" AS "t0"
  WHERE
    "t0"."started_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- acc_verify_send 核实按时派发率
SELECT
  "t1"."city" AS "of_city",
  "t1"."person" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'send_confirm'
      )
      AND (
        (
          "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      AND (
        "t1"."done_at" <= "t1"."due_at"
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'send_confirm'
      )
      AND (
        (
          "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "tasks" AS "t0"
  WHERE
    "t0"."started_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- acc_check_send 核查按时派发率
SELECT
  "t1"."city" AS "of_city",
  "t1"."person" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'send_check'
      )
      AND (
        (
          "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      AND (
        "t1"."done_at" <= "t1"."due_at"
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'send_check'
      )
      AND (
        (
          "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "tasks" AS "t0"
  WHERE
    "t0"."started_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- sl_file_on_time 按时立案率
SELECT
  "t1"."city" AS "of_city",
  "t1"."person" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'file'
      )
      AND (
        (
          "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      AND (
        "t1"."done_at" <= "t1"."due_at"
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'file'
      )
      AND (
        (
          "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "tasks" AS "t0"
  WHERE
    "t0"."started_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- sl_file_accurate 准确立案率
SELECT
  "t1"."city" AS "of_city",
  "t1"."person" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'file'
      )
      AND (
        (
          "t1"."done_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."done_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      AND "t1"."sound"
      THEN 1
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'file'
      )
      AND (
        (
          "t1"."done_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."done_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "tasks" AS "t0"
  WHERE
    "t0"."started_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- sl_close_on_time 按时结案率
SELECT
  "t1"."city" AS "of_city",
  "t1"."person" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'close'
      )
      AND (
        (
          "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      AND (
        "t1"."done_at" <= "t1"."due_at"
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'close'
      )
      AND (
        (
          "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "tasks" AS "t0"
  WHERE
    "t0"."started_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- dp_count 派遣数
SELECT
  "t1"."city" AS "of_city",
  "t1"."person" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'dispatch'
      )
      AND (
        (
          "t1"."done_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."done_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0"
FROM (
  SELECT
    *
  FROM "tasks" AS "t0"
  WHERE
    "t0"."started_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- dp_on_time 按时派遣率
SELECT
  "t1"."city" AS "of_city",
  "t1"."person" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'dispatch'
      )
      AND (
        (
          "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      AND (
        "t1"."done_at" <= "t1"."due_at"
      )
      THEN 1
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'dispatch'
      )
      AND (
        (
          "t1"."due_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."due_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "tasks" AS "t0"
  WHERE
    "t0"."started_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- dp_accurate 准确派遣率
SELECT
  "t1"."city" AS "of_city",
  "t1"."person" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'dispatch'
      )
      AND (
        (
          "t1"."done_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."done_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      AND "t1"."sound"
      THEN 1
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'dispatch'
      )
      AND (
        (
          "t1"."done_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."done_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "tasks" AS "t0"
  WHERE
    "t0"."started_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- dp_accurate_as_seen 准确派遣率（照旧）
SELECT
  "t1"."city" AS "of_city",
  "t1"."person" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'dispatch'
      )
      AND (
        (
          "t1"."done_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."done_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN 1 - "t1"."reworks"
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'dispatch'
      )
      AND (
        (
          "t1"."done_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."done_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN 1
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "tasks" AS "t0"
  WHERE
    "t0"."started_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- yield 机动车斑马线礼让率
SELECT
  "t1"."city" AS "of_city",
  "t1"."subject" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'yield'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."numerator"
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'yield'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."denominator"
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "observations" AS "t0"
  WHERE
    "t0"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- ped_light 行人遵守信号灯率
SELECT
  "t1"."city" AS "of_city",
  "t1"."subject" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'ped_light'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."numerator"
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'ped_light'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."denominator"
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "observations" AS "t0"
  WHERE
    "t0"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- nmv_light 非机动车遵守信号灯率
SELECT
  "t1"."city" AS "of_city",
  "t1"."subject" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'nmv_light'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."numerator"
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'nmv_light'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."denominator"
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "observations" AS "t0"
  WHERE
    "t0"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- ebike_helmet 电动自行车头盔佩戴率
SELECT
  "t1"."city" AS "of_city",
  "t1"."subject" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'ebike_helmet'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."numerator"
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'ebike_helmet'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."denominator"
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "observations" AS "t0"
  WHERE
    "t0"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- moto_helmet 摩托车头盔佩戴率
SELECT
  "t1"."city" AS "of_city",
  "t1"."subject" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'moto_helmet'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."numerator"
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'moto_helmet'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."denominator"
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "observations" AS "t0"
  WHERE
    "t0"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- seatbelt 汽车安全带使用率
SELECT
  "t1"."city" AS "of_city",
  "t1"."subject" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'seatbelt'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."numerator"
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'seatbelt'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."denominator"
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "observations" AS "t0"
  WHERE
    "t0"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- ind_helmet 行业电动车头盔佩戴率
SELECT
  "t1"."city" AS "of_city",
  "t1"."subject" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'ind_helmet'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."numerator"
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'ind_helmet'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."denominator"
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "observations" AS "t0"
  WHERE
    "t0"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- plate 上牌率
SELECT
  "t1"."city" AS "of_city",
  "t1"."subject" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'plate'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."numerator"
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'plate'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."denominator"
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "observations" AS "t0"
  WHERE
    "t0"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- s_presence 警力到位情况
SELECT
  "t1"."city" AS "of_city",
  "t1"."subject" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 's_presence'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."numerator"
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 's_presence'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."denominator"
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "observations" AS "t0"
  WHERE
    "t0"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- s_discipline 执勤纪律
SELECT
  "t1"."city" AS "of_city",
  "t1"."subject" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 's_discipline'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."numerator"
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 's_discipline'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."denominator"
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "observations" AS "t0"
  WHERE
    "t0"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- s_gesture 指挥姿势
SELECT
  "t1"."city" AS "of_city",
  "t1"."subject" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 's_gesture'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."numerator"
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 's_gesture'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."denominator"
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "observations" AS "t0"
  WHERE
    "t0"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- s_manage 管理率
SELECT
  "t1"."city" AS "of_city",
  "t1"."subject" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 's_manage'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."numerator"
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 's_manage'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."denominator"
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "observations" AS "t0"
  WHERE
    "t0"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- s_comply 遵章率
SELECT
  "t1"."city" AS "of_city",
  "t1"."subject" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 's_comply'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."numerator"
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 's_comply'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."denominator"
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "observations" AS "t0"
  WHERE
    "t0"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- s_order 路口秩序
SELECT
  "t1"."city" AS "of_city",
  "t1"."subject" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 's_order'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."numerator"
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 's_order'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."denominator"
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "observations" AS "t0"
  WHERE
    "t0"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- rect_rate 整改率
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'rect_rate'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."numerator"
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'rect_rate'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."denominator"
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "observations" AS "t0"
  WHERE
    "t0"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- rect_on_time 按期整改率
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'rect_on_time'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."numerator"
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'rect_on_time'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."denominator"
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "observations" AS "t0"
  WHERE
    "t0"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- recur_rate 反弹率
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'recur_rate'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."numerator"
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'recur_rate'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."denominator"
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "observations" AS "t0"
  WHERE
    "t0"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- score_rate 得分率
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'score_rate'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."numerator"
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'score_rate'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."denominator"
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "observations" AS "t0"
  WHERE
    "t0"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- respond 响应率
SELECT
  "t1"."city" AS "of_city",
  "t1"."subject" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'respond'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."numerator"
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'respond'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."denominator"
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "observations" AS "t0"
  WHERE
    "t0"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- fraud 弄虚作假次数
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'fraud'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."numerator"
      ELSE 0
    END
  ) AS "n0"
FROM (
  SELECT
    *
  FROM "observations" AS "t0"
  WHERE
    "t0"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- shirking 推诿次数
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'shirking'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."numerator"
      ELSE 0
    END
  ) AS "n0"
FROM (
  SELECT
    *
  FROM "observations" AS "t0"
  WHERE
    "t0"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- solve 解决率
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."closed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."closed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND (
        "t1"."solved" IS NOT NULL
      )
      AND "t1"."solved"
      THEN 1
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."closed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."closed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND (
        "t1"."solved" IS NOT NULL
      )
      THEN 1
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- satisfy 满意率
SELECT
  "t1"."city" AS "of_city",
  "t1"."department" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."closed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."closed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND (
        "t1"."satisfied" IS NOT NULL
      )
      AND "t1"."satisfied"
      THEN 1
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."closed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
      )
      AND (
        "t1"."closed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
      )
      AND (
        "t1"."satisfied" IS NOT NULL
      )
      THEN 1
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "cases" AS "t0"
  WHERE
    "t0"."reported_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

-- sign_on_time 及时签收率
SELECT
  "t1"."city" AS "of_city",
  "t1"."subject" AS "ranked",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'sign_on_time'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."numerator"
      ELSE 0
    END
  ) AS "n0",
  SUM(
    CASE
      WHEN (
        "t1"."kind" = 'sign_on_time'
      )
      AND (
        (
          "t1"."observed_at" >= MAKE_TIMESTAMP(2026, 9, 30, 16, 0, 0.0)
        )
        AND (
          "t1"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
        )
      )
      THEN "t1"."denominator"
      ELSE 0
    END
  ) AS "n1"
FROM (
  SELECT
    *
  FROM "observations" AS "t0"
  WHERE
    "t0"."observed_at" < MAKE_TIMESTAMP(2026, 10, 31, 16, 0, 0.0)
) AS "t1"
GROUP BY
  1,
  2;

