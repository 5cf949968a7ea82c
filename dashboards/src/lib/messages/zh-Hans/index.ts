import { texts as english, type Texts } from '../en';

export const texts: Texts = { ...english };
