Console.WriteLine("Inr");
