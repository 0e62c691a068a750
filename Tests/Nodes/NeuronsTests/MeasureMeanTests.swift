import Neurons
import SubnetKit
import Testing

@Suite struct MeasureMeanTests {
  private func mean(_ values: Double...) throws -> MeasureMean {
    var sum = try MeasureMean(Score.Measure("bits per byte", values[0]))
    for value in values.dropFirst() { sum.add(MeasureMean(try Score.Measure("bits per byte", value))) }
    return sum
  }

  @Test func meansOfTwoValidatorsCountEachAnswerOnce() throws {
    var sum = try mean(1, 2, 3)
    sum.add(try mean(6))
    #expect(sum.mean == 3)
    #expect(sum.count == 4)
  }

  @Test func anotherMeasureTakesThePlaceOfTheFirst() throws {
    var sum = try mean(1, 2, 3)
    sum.add(MeasureMean(try Score.Measure("error", 0.5)))
    #expect(sum == MeasureMean(name: "error", mean: 0.5, count: 1))
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity, 1e300])
  func whatIsNoNumberOfAMeasureIsRefused(value: Double) {
    #expect(throws: MechanismError.self) { try Score.Measure("x", value) }
    #expect(MeasureMean(name: "x", mean: value, count: 1) == nil)
  }

  @Test func aMeanOfNothingIsNoMean() { #expect(MeasureMean(name: "x", mean: 1, count: 0) == nil) }

  @Test func theLargestMeasuresDoNotOverflow() throws {
    let limit = Score.Measure.valueLimit
    #expect(try mean(limit, -limit, limit).mean.magnitude <= limit)
  }
}
