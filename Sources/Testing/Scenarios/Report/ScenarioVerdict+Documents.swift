import Daemon
package import JSONText
import Primitives

extension ScenarioVerdict {
  /// The verdict as a JSON object; members may join, none changes its meaning.
  package var document: JSONValue {
    [
      "scenario": .text(name), "file": .text(path), "world": .text(world.rawValue), "seed": JSONValue(seed),
      "passed": .flag(hasPassed), "problem": problem.map { .text($0) } ?? .null, "blocks": JSONValue(blocks),
      "epochs": JSONValue(epochs), "height": JSONValue(height.value), "state_root": .text("\(stateRoot)"),
      "elapsed_ms": JSONValue(elapsed.wholeMilliseconds), "replay": .text(replay),
      "expectations": .list(
        results.map { result in
          [
            "expected": .text(result.expected), "passed": .flag(result.holds), "seen": .text(result.seen),
            "block": JSONValue(result.block), "epoch": JSONValue(result.epoch),
            "height": JSONValue(result.height.value), "line": result.line.map { JSONValue($0) } ?? .null,
          ]
        }),
    ]
  }
}

/// Verdicts as a JUnit document: a suite a scenario, a case an expectation.
package func junitDocument(of verdicts: [ScenarioVerdict]) -> String {
  var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
  for verdict in verdicts {
    let failures = verdict.results.count { !$0.holds }
    let errors = verdict.problem == nil ? 0 : 1
    text +=
      "  <testsuite name=\"\(xml(verdict.name))\" tests=\"\(verdict.results.count + errors)\" failures=\"\(failures)\" "
      + "errors=\"\(errors)\" time=\"\(seconds(verdict.elapsed))\">\n    <properties>\n"
      + "      <property name=\"world\" value=\"\(verdict.world.rawValue)\"/>\n"
      + "      <property name=\"seed\" value=\"\(verdict.seed)\"/>\n"
      + "      <property name=\"state_root\" value=\"\(verdict.stateRoot)\"/>\n"
      + "      <property name=\"replay\" value=\"\(xml(verdict.replay))\"/>\n    </properties>\n"
    for result in verdict.results {
      let head =
        "    <testcase classname=\"\(xml(verdict.name))\" name=\"\(xml(result.expected))\" file=\"\(xml(verdict.path))\""
        + (result.line.map { " line=\"\($0)\"" } ?? "")
      if result.holds {
        text += head + "/>\n"
      } else {
        let seen = "seen: \(result.seen), at block \(result.block), epoch \(result.epoch)"
        text += head + ">\n      <failure message=\"\(xml(seen))\"/>\n    </testcase>\n"
      }
    }
    if let problem = verdict.problem {
      text +=
        "    <testcase classname=\"\(xml(verdict.name))\" name=\"the run comes to its end\">\n"
        + "      <error message=\"\(xml(problem))\"/>\n    </testcase>\n"
    }
    text += "  </testsuite>\n"
  }
  return text + "</testsuites>\n"
}

private func seconds(_ duration: Duration) -> String {
  let milliseconds = duration.wholeMilliseconds
  let rest = String(milliseconds % 1000)
  return "\(milliseconds / 1000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
}

/// Text as XML has it in an attribute; what XML cannot hold becomes a question mark.
private func xml(_ text: String) -> String {
  var safe = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": safe += "&amp;"
    case "<": safe += "&lt;"
    case ">": safe += "&gt;"
    case "\"": safe += "&quot;"
    case "\n": safe += "&#10;"
    case "\t": safe += "&#9;"
    case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": safe += "?"
    default: safe.unicodeScalars.append(scalar)
    }
  }
  return safe
}
