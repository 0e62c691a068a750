import CProtobufC
import CWireMessages

/// One message type as the codec needs it, read once from the compiled schema.
///
/// `@unchecked Sendable`: everything is set in `init`, and the descriptors behind the pointers are constants of the
/// program that nobody writes.
final class MessageShape: @unchecked Sendable {
  /// Without the package: `Call`, `Call.Transfer`.
  let name: String
  let descriptor: UnsafePointer<ProtobufCMessageDescriptor>
  /// In ascending number, which is the order of definition.
  let fields: [FieldShape]
  /// Fields of one message, so that a set of them fits a word.
  static let fieldLimit = 128
  /// What to read, in order: a field by itself, or the one present member of a oneof.
  let steps: [Step]
  /// Bytes of the largest struct that a list, here or further inside, may hold many of.
  let largestItemSize: Int
  private let indexOfField: [String: Int]
  /// Of `fields`, ascending.
  private let numbers: [UInt32]

  enum Step {
    case field(Int)
    case oneof(OneofShape)
  }

  var structSize: Int { descriptor.pointee.sizeof_message }

  init(_ descriptor: UnsafePointer<ProtobufCMessageDescriptor>, name: String, fields: [FieldShape]) {
    self.name = name
    self.descriptor = descriptor
    self.fields = fields
    self.steps = MessageShape.steps(over: fields)
    self.largestItemSize = MessageShape.largestItemSize(in: fields)
    self.numbers = fields.map(\.number)
    self.indexOfField = Dictionary(uniqueKeysWithValues: fields.enumerated().map { ($1.name, $0) })
  }

  func index(named name: String) -> Int? { indexOfField[name] }

  /// The index of a field by its number.
  func index(ofNumber number: UInt32) -> Int? {
    var (low, high) = (0, numbers.count)
    while low < high {
      let middle = (low + high) / 2
      if numbers[middle] < number { low = middle + 1 } else { high = middle }
    }
    return low < numbers.count && numbers[low] == number ? low : nil
  }

  private static func largestItemSize(in fields: [FieldShape]) -> Int {
    fields.reduce(0) { largest, field in
      guard case .message(let inner) = field.kind else { return largest }
      return max(largest, inner.largestItemSize, field.isRepeated ? inner.structSize : 0)
    }
  }

  private static func steps(over fields: [FieldShape]) -> [Step] {
    var steps: [Step] = []
    var seen: Set<Int> = []
    for (index, field) in fields.enumerated() {
      guard field.isOneof else {
        steps.append(.field(index))
        continue
      }
      guard seen.insert(field.quantifierOffset).inserted else { continue }
      let members = fields.indices.filter {
        fields[$0].isOneof && fields[$0].quantifierOffset == field.quantifierOffset
      }
      steps.append(.oneof(OneofShape(caseOffset: field.quantifierOffset, members: members, of: fields)))
    }
    return steps
  }
}

/// Where a oneof keeps the number of its present member, and which field that is.
struct OneofShape {
  let caseOffset: Int
  private let firstNumber: UInt32
  /// Index of the field by its number less the first; -1 in gaps.
  private let fieldIndex: [Int]

  init(caseOffset: Int, members: [Int], of fields: [FieldShape]) {
    self.caseOffset = caseOffset
    let numbers = members.map { fields[$0].number }
    firstNumber = numbers.min() ?? 0
    var table = [Int](repeating: -1, count: Int((numbers.max() ?? 0) - firstNumber) + 1)
    for (member, number) in zip(members, numbers) { table[Int(number - firstNumber)] = member }
    fieldIndex = table
  }

  /// Index of the field with this number; nil when it is no member, as 0 is not.
  func index(of number: UInt32) -> Int? {
    guard number >= firstNumber, Int(number - firstNumber) < fieldIndex.count else { return nil }
    let index = fieldIndex[Int(number - firstNumber)]
    return index < 0 ? nil : index
  }
}

/// Where one field lies in its message's C struct and how to read it.
struct FieldShape {
  let name: String
  let number: UInt32
  let kind: Kind
  let isRepeated: Bool
  let isOneof: Bool
  let isPacked: Bool
  /// Of the value, or of the pointer to the first item.
  let offset: Int
  /// Of the number of items, or of the present member's number.
  let quantifierOffset: Int

  enum Kind {
    case unsigned32
    case unsigned64
    case signed64
    case flag
    case enumeration(Set<Int32>)
    case bytes
    case message(MessageShape)
  }
}
