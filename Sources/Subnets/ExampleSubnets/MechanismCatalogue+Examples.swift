public import SubnetKit

extension MechanismCatalogue {
  /// The mechanisms that come with the kit.
  public static let examples = MechanismCatalogue([
    Adder.self, Text.self, Storage.self, Compute.self, Forecast.self,
  ])
}
