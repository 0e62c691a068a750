package import JSONText
import Yuma

/// Measures one epoch on one core, for the sizes and modes that the reference was measured with.
package enum YumaBenchmark {
  package enum Mode: String, CaseIterable, Sendable {
    case yuma2
    case yuma3
    case yuma3Liquid = "yuma3_liquid"
  }

  /// A size of the table, with the reference's own time for each mode.
  package struct Size: Hashable, Sendable {
    package let uids: Int
    package let validators: Int
    let referenceMicroseconds: [Mode: Int64]

    /// The public chain's own code: release build, one core of a 2-core machine, sparse, full rows.
    package static let table = [
      Size(uids: 256, validators: 64, referenceMicroseconds: [.yuma2: 1190, .yuma3: 1090, .yuma3Liquid: 18_700]),
      Size(uids: 1024, validators: 64, referenceMicroseconds: [.yuma2: 6270, .yuma3: 5730, .yuma3Liquid: 293_000]),
      Size(
        uids: 1024, validators: 256, referenceMicroseconds: [.yuma2: 21_200, .yuma3: 19_700, .yuma3Liquid: 288_000]),
      Size(
        uids: 4096, validators: 64, referenceMicroseconds: [.yuma2: 33_300, .yuma3: 31_100, .yuma3Liquid: 4_451_000]),
    ]
  }

  /// One line of the result. Times in nanoseconds.
  package struct Row: Sendable {
    package let size: Size
    package let mode: Mode
    package let median: Int64
    package let least: Int64
    package let most: Int64
    /// Non-zero weights that the epoch read.
    package let weights: Int
    /// What the input's arrays hold.
    package let inputBytes: Int
    /// What input, workspace and output hold together while an epoch runs.
    package let peakBytes: Int
  }

  /// Runs every size in every mode, `runs` times each after one run that is not counted.
  package static func rows(
    sizes: [Size] = Size.table, modes: [Mode] = Mode.allCases, runs: Int = 51
  ) throws -> [Row] {
    try sizes.flatMap { size in try modes.map { mode in try row(size, mode, runs: max(1, runs)) } }
  }

  private static func row(_ size: Size, _ mode: Mode, runs: Int) throws -> Row {
    var parameters = EpochParameters()
    parameters.yuma3 = mode != .yuma2
    parameters.liquidAlpha = mode == .yuma3Liquid
    let input = try MarketFixture.input(uids: size.uids, validators: size.validators, parameters: parameters)
    var workspace = YumaEpoch()
    var output = try workspace.settle(input)
    let clock = ContinuousClock()
    var times: [Int64] = []
    for _ in 0..<runs {
      let start = clock.now
      output = try workspace.settle(input)
      times.append((clock.now - start).wholeNanoseconds)
    }
    times.sort()
    return Row(
      size: size, mode: mode, median: times[runs / 2], least: times[0], most: times[runs - 1],
      weights: input.weights.cells.count { $0.value > 0 }, inputBytes: input.byteCount,
      peakBytes: input.byteCount + workspace.byteCount + output.byteCount)
  }
}

extension YumaBenchmark.Row {
  /// The row as `subnet bench yuma --json` prints it.
  package var json: JSONValue {
    [
      "n": JSONValue(size.uids), "validators": JSONValue(size.validators), "mode": .text(mode.rawValue),
      "median_ms": .fixed(median / 1000, digits: 3), "min_ms": .fixed(least / 1000, digits: 3),
      "max_ms": .fixed(most / 1000, digits: 3), "ns_per_weight": .fixed(median * 10 / Int64(weights), digits: 1),
      "peak_bytes": JSONValue(peakBytes), "input_bytes": JSONValue(inputBytes),
      "reference_ms": .fixed(referenceMicroseconds, digits: 3),
    ]
  }

  /// The reference's time for this size and mode.
  var referenceMicroseconds: Int64 { size.referenceMicroseconds[mode] ?? 0 }
}

extension YumaBenchmark {
  /// All rows as one JSON list.
  package static func json(_ rows: [Row]) -> JSONValue { .list(rows.map(\.json)) }

  /// All rows as a table for people, with the reference's time and how many times faster this is.
  package static func table(_ rows: [Row]) -> String {
    let head = [
      "n", "validators", "mode", "median ms", "min", "max", "ns/weight", "peak KiB", "x input", "reference ms", "times",
    ]
    let body = rows.map { row in
      [
        "\(row.size.uids)", "\(row.size.validators)", row.mode.rawValue, decimal(row.median / 1000, 3),
        decimal(row.least / 1000, 3), decimal(row.most / 1000, 3), decimal(row.median * 10 / Int64(row.weights), 1),
        "\(row.peakBytes / 1024)", decimal(Int64(row.peakBytes * 100 / row.inputBytes), 2),
        decimal(row.referenceMicroseconds, 3), decimal(row.referenceMicroseconds * 10_000 / row.median, 1),
      ]
    }
    return alignedTable([head] + body)
  }

  private static func decimal(_ scaled: Int64, _ digits: Int) -> String {
    JSONValue.fixed(scaled, digits: digits).compactText
  }
}
