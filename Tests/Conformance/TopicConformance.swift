import Testing
import VectorFiles

@Suite struct TopicConformanceTests {
  /// A folder of vectors that no suite runs would look like success.
  @Test func everyTopicIsKnown() {
    #expect(Set(VectorLibrary.topics()).subtracting(["economy", "fixedpoint", "registry", "yuma"]) == [])
  }
}
