declare global {
  namespace App {
    interface PageState {
      readonly none?: never;
    }
  }
}

export {};
