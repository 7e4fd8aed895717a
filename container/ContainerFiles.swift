public import Foundation

/// The files of this folder that `pinson` carries with it.
public enum ContainerFiles {
    /// `image.json`: what lies where in an image, and how it is run.
    public static let recipe = Data(PackageResources.image_json)
}
