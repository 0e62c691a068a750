import FixedPoint
import JSONText
import Testing
import VectorFiles
import Yuma

@Suite struct FixedPointConformanceTests {
  @Test(arguments: VectorLibrary.files(topic: "fixedpoint"))
  func everyRowHasTheReferencesBits(file: VectorFile) throws {
    let document = try file.json()
    #expect(try document.member("format").integer(Int.self) == 1)
    let columns = try document.member("columns").elements().map { try $0.string() }
    let check = try #require(FixedPointRules.named[try document.member("name").string()], "no rule for \(file)")
    var wrong: [String] = []
    for row in try document.member("rows").elements() {
      let values = FixedPointRow(columns: columns, values: try row.elements())
      for (name, found) in try check(values) where try values[name] != found {
        wrong.append("\(row.compactText.prefix(400)): \(name) is \(found.compactText)")
      }
    }
    #expect(wrong.isEmpty, "\(wrong.count) rows differ; first: \(wrong.first ?? "")")
  }
}

/// One row of a file, by column name.
struct FixedPointRow {
  let columns: [String]
  let values: [JSONValue]

  subscript(name: String) -> JSONValue {
    get throws { values[try #require(columns.firstIndex(of: name), "no column \(name)")] }
  }

  func narrow(_ name: String) throws -> I32F32 { I32F32(bits: try self[name].integer()) }
  func wide(_ name: String) throws -> I64F64 { I64F64(bits: try self[name].integer()) }
  func narrows(_ name: String) throws -> [I32F32] { try self[name].integers(Int64.self).map { I32F32(bits: $0) } }
}

/// For each file of `fixedpoint/`: the result columns, computed from the others.
enum FixedPointRules {
  typealias Rule = @Sendable (FixedPointRow) throws -> [(String, JSONValue)]

  static let named: [String: Rule] = [
    "i32f32_arith": narrowArithmetic, "i64f64_arith": wideArithmetic, "i96f32_emission": emission,
    "i32f32_to_integer": toIntegers, "u16_to_i32f32": fromIntegers, "u16_tables_checksum": tables,
    "i64f64_convert": conversions, "exp_safe": exponential, "liquid_alpha": liquidAlpha, "topk_nonzero": seats,
    "weighted_median": median, "stake_weighting": stake, "fixed_alpha": fixedAlpha, "max_upscale_u16": upscaling,
  ]

  private static func bits(_ value: I32F32?) -> JSONValue { value.map { JSONValue($0.bits) } ?? .null }
  private static func bits(_ value: I64F64?) -> JSONValue { value.map { .text(String($0.bits)) } ?? .null }

  @Sendable private static func narrowArithmetic(_ row: FixedPointRow) throws -> [(String, JSONValue)] {
    let (a, b) = (try row.narrow("a"), try row.narrow("b"))
    var results = [
      ("saturating_add", bits(a.addingSaturating(b))), ("saturating_sub", bits(a.subtractingSaturating(b))),
      ("saturating_mul", bits(a.multipliedRoundingDownSaturating(by: b))),
      ("checked_mul", bits(a.multipliedRoundingDown(by: b))),
      ("checked_div", bits(a.dividedTowardZero(by: b))), ("safe_div", bits(a.dividedTowardZeroOrZero(by: b))),
    ]
    if b != .zero { results.append(("saturating_div", bits(a.dividedTowardZeroSaturating(by: b)))) }
    if a >= .zero && a <= b && b > .zero { results.append(("safe_div", bits(ShareDivisor(b).share(of: a)))) }
    return results
  }

  @Sendable private static func wideArithmetic(_ row: FixedPointRow) throws -> [(String, JSONValue)] {
    let (a, b) = (try row.wide("a"), try row.wide("b"))
    return [
      ("saturating_add", bits(a.addingSaturating(b))),
      ("saturating_mul", bits(a.multipliedRoundingDownSaturating(by: b))),
      ("checked_mul", bits(a.multipliedRoundingDown(by: b))),
      ("checked_div", bits(a.dividedTowardZero(by: b))), ("safe_div", bits(a.dividedTowardZeroOrZero(by: b))),
    ]
  }

  @Sendable private static func emission(_ row: FixedPointRow) throws -> [(String, JSONValue)] {
    let share = try row.narrow("share")
    let emission = try row["emission"].integer(UInt64.self)
    let product = I96F32(share).multipliedRoundingDownSaturating(by: I96F32(emission))
    return [
      ("product", .text(String(product.bits))), ("amount", JSONValue(product.wholeRoundingDown)),
      ("amount", JSONValue(share.part(of: emission))),
    ]
  }

  @Sendable private static func toIntegers(_ row: FixedPointRow) throws -> [(String, JSONValue)] {
    let a = try row.narrow("a")
    return [
      ("proportion_to_u16", JSONValue(a.proportion)), ("to_u16", JSONValue(a.wholeRoundingDown(as: UInt16.self))),
      ("to_u64", JSONValue(a.wholeRoundingDown(as: UInt64.self))),
      ("div_65535", bits(a.dividedTowardZeroOrZero(by: I32F32(65535)))), ("round", bits(a.roundedHalfAwayFromZero)),
    ]
  }

  @Sendable private static func fromIntegers(_ row: FixedPointRow) throws -> [(String, JSONValue)] {
    let a = try row["a"].integer(UInt16.self)
    return [("proportion", bits(I32F32(proportion: a))), ("number", bits(I32F32(a)))]
  }

  @Sendable private static func tables(_ row: FixedPointRow) throws -> [(String, JSONValue)] {
    let isRoundTrip = try row["table"].string() == "round_trip"
    var checksum: UInt64 = 0
    for parts in 0...UInt16.max {
      let share = I32F32(proportion: parts)
      checksum = checksum &* 1_000_003 &+ (isRoundTrip ? UInt64(share.proportion) : UInt64(share.bits))
    }
    return [("checksum", JSONValue(checksum))]
  }

  @Sendable private static func conversions(_ row: FixedPointRow) throws -> [(String, JSONValue)] {
    let name = try #require(row.columns.first)
    let value = try row.wide(name)
    return [("i32f32", bits(I32F32(roundingDown: value))), ("u64", JSONValue(value.wholeRoundingDown))]
  }

  @Sendable private static func exponential(_ row: FixedPointRow) throws -> [(String, JSONValue)] {
    [("exp", bits(try ExponentialSeries()(row.narrow("x"))))]
  }

  @Sendable private static func liquidAlpha(_ row: FixedPointRow) throws -> [(String, JSONValue)] {
    var parameters = EpochParameters()
    parameters.alphaLow = try row["alpha_low"].integer()
    parameters.alphaHigh = try row["alpha_high"].integer()
    parameters.alphaSigmoidSteepness = try row["steepness"].integer()
    let factor = LiquidAlpha(parameters).factor(
      consensus: try row.narrow("consensus"), weight: try row.narrow("weight"), bond: try row.narrow("bond"))
    return [("alpha", bits(factor))]
  }

  @Sendable private static func seats(_ row: FixedPointRow) throws -> [(String, JSONValue)] {
    let mask = TopSeats.mask(of: try row.narrows("stake"), seats: try row["k"].integer())
    return [("mask", JSONValue(mask.map { $0 ? 1 : 0 }))]
  }

  @Sendable private static func median(_ row: FixedPointRow) throws -> [(String, JSONValue)] {
    let median = WeightedMedian.of(
      scores: try row.narrows("score"), stakes: try row.narrows("stake"), minority: try row.narrow("minority"))
    return [("median", bits(median))]
  }

  @Sendable private static func stake(_ row: FixedPointRow) throws -> [(String, JSONValue)] {
    let weight = I64F64(saturating: U96F32(try row["tao_weight"].integer(), of: .max))
    let total = I64F64(
      combining: try row["alpha_stake"].integer(), root: try row["tao_stake"].integer(), weight: weight)
    return [
      ("weight_i64f64", bits(weight)), ("total_i64f64", bits(total)),
      ("total_u64", JSONValue(total.wholeRoundingDown)),
    ]
  }

  @Sendable private static func fixedAlpha(_ row: FixedPointRow) throws -> [(String, JSONValue)] {
    let average = try row["bonds_moving_average"].integer(UInt64.self)
    return [("alpha", bits(EpochParameters.smoothingFactor(bondsMovingAverage: average)))]
  }

  @Sendable private static func upscaling(_ row: FixedPointRow) throws -> [(String, JSONValue)] {
    [("stored", JSONValue(WeightUpscaling.largestBecomesFull(try row["submitted"].integers())))]
  }
}
