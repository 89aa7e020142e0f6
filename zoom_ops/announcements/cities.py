"""The IANA time zone of a city: duty stations of the United Nations, capitals and other meeting places."""

import unicodedata
from functools import cache

_ZONES = """
Europe/Zurich: Geneva, Genève, Ginebra, Genf, Genebra, Ginevra, Bern, Berne
Europe/Zurich: Zurich, Zürich, Basel, Bâle, Lausanne, Davos, Женева, 日内瓦, جنيف
America/New_York: New York, NYC, New York City, Nueva York, Nova York, Nova Iorque, Washington, Washington DC
America/New_York: Washington D.C., Boston, Atlanta, Miami, Philadelphia, Нью-Йорк, 纽约, نيويورك
America/Toronto: Toronto, Ottawa, Montreal, Montréal
America/Vancouver: Vancouver
America/Chicago: Chicago, Austin, Dallas, Houston
America/Denver: Denver, Boulder
America/Phoenix: Phoenix
America/Los_Angeles: Los Angeles, San Francisco, Seattle, San Diego, Silicon Valley
America/Mexico_City: Mexico City, Ciudad de México, CDMX, México D.F.
America/Guatemala: Guatemala, Guatemala City, Ciudad de Guatemala
America/El_Salvador: San Salvador
America/Tegucigalpa: Tegucigalpa
America/Managua: Managua
America/Costa_Rica: San José, San Jose Costa Rica
America/Panama: Panama, Panama City, Panamá, Ciudad de Panamá
America/Havana: Havana, La Habana, La Havane
America/Santo_Domingo: Santo Domingo
America/Port-au-Prince: Port-au-Prince
America/Jamaica: Kingston
America/Barbados: Bridgetown, Barbados
America/Port_of_Spain: Port of Spain
America/Guyana: Georgetown
America/Nassau: Nassau
America/Bogota: Bogota, Bogotá
America/Guayaquil: Quito, Guayaquil
America/Lima: Lima
America/La_Paz: La Paz
America/Caracas: Caracas
America/Asuncion: Asuncion, Asunción
America/Montevideo: Montevideo
America/Santiago: Santiago, Santiago de Chile
America/Argentina/Buenos_Aires: Buenos Aires
America/Sao_Paulo: Brasilia, Brasília, Sao Paulo, São Paulo, Rio de Janeiro, Rio
America/Halifax: Halifax
America/St_Johns: St. John's
Atlantic/Reykjavik: Reykjavik, Reykjavík
Europe/London: London, Londres, Londra, Edinburgh, Oxford, Cambridge, Лондон, 伦敦, لندن
Europe/Dublin: Dublin
Europe/Lisbon: Lisbon, Lisbonne, Lisboa
Europe/Madrid: Madrid, Barcelona, Valencia
Europe/Paris: Paris, París, Strasbourg, Lyon, Париж, 巴黎, باريس
Europe/Brussels: Brussels, Bruxelles, Bruselas, Brüssel
Europe/Luxembourg: Luxembourg
Europe/Amsterdam: Amsterdam, The Hague, La Haye, La Haya, Den Haag
Europe/Berlin: Berlin, Bonn, Hamburg, Munich, Frankfurt
Europe/Vienna: Vienna, Vienne, Viena, Wien, Вена, 维也纳, فيينا
Europe/Rome: Rome, Roma, Turin, Torino, Trieste, Milan, Venice, Рим, 罗马, روما
Europe/Monaco: Monaco
Europe/Malta: Valletta, Malta
Europe/Copenhagen: Copenhagen, Copenhague, København
Europe/Oslo: Oslo
Europe/Stockholm: Stockholm, Estocolmo
Europe/Helsinki: Helsinki
Europe/Tallinn: Tallinn
Europe/Riga: Riga
Europe/Vilnius: Vilnius
Europe/Warsaw: Warsaw, Varsovie, Varsovia
Europe/Prague: Prague, Praga
Europe/Bratislava: Bratislava
Europe/Budapest: Budapest
Europe/Ljubljana: Ljubljana
Europe/Zagreb: Zagreb
Europe/Belgrade: Belgrade
Europe/Sarajevo: Sarajevo
Europe/Podgorica: Podgorica
Europe/Skopje: Skopje
Europe/Tirane: Tirana
Europe/Athens: Athens, Athènes, Atenas
Europe/Sofia: Sofia
Europe/Bucharest: Bucharest, Bucarest
Europe/Chisinau: Chisinau, Chișinău
Europe/Kyiv: Kyiv, Kiev
Europe/Minsk: Minsk
Europe/Moscow: Moscow, Moscou, Moscú, Москва, 莫斯科, موسكو
Europe/Istanbul: Istanbul, İstanbul, Ankara
Asia/Nicosia: Nicosia
Asia/Tbilisi: Tbilisi
Asia/Yerevan: Yerevan
Asia/Baku: Baku
Africa/Cairo: Cairo, Le Caire, El Cairo, Каир, 开罗, القاهرة
Africa/Tunis: Tunis
Africa/Tripoli: Tripoli
Africa/Algiers: Algiers, Alger, Argel
Africa/Casablanca: Rabat, Casablanca, Marrakesh, Marrakech, Tangier
Africa/Dakar: Dakar
Africa/Bamako: Bamako
Africa/Ouagadougou: Ouagadougou
Africa/Abidjan: Abidjan
Africa/Accra: Accra
Africa/Lome: Lomé, Lome
Africa/Porto-Novo: Cotonou
Africa/Lagos: Abuja, Lagos
Africa/Niamey: Niamey
Africa/Ndjamena: N'Djamena
Africa/Douala: Yaounde, Yaoundé, Douala
Africa/Libreville: Libreville
Africa/Brazzaville: Brazzaville
Africa/Kinshasa: Kinshasa
Africa/Khartoum: Khartoum
Africa/Juba: Juba
Africa/Addis_Ababa: Addis Ababa, Addis-Abeba, Addis Abeba, Adís Abeba, Аддис-Абеба, 亚的斯亚贝巴, أديس أبابا
Africa/Nairobi: Nairobi, Найроби, 内罗毕, نيروبي
Africa/Kampala: Kampala, Entebbe
Africa/Kigali: Kigali
Africa/Bujumbura: Bujumbura
Africa/Dar_es_Salaam: Dar es Salaam, Arusha, Dodoma
Africa/Mogadishu: Mogadishu
Africa/Djibouti: Djibouti
Africa/Lusaka: Lusaka
Africa/Harare: Harare
Africa/Maputo: Maputo
Africa/Luanda: Luanda
Africa/Gaborone: Gaborone
Africa/Windhoek: Windhoek
Africa/Johannesburg: Johannesburg, Pretoria, Cape Town, Durban
Indian/Antananarivo: Antananarivo
Indian/Mauritius: Port Louis
Asia/Beirut: Beirut, Beyrouth, Бейрут, 贝鲁特, بيروت
Asia/Amman: Amman, عمان
Asia/Damascus: Damascus
Asia/Jerusalem: Jerusalem, Tel Aviv
Asia/Baghdad: Baghdad, Bagdad
Asia/Kuwait: Kuwait, Kuwait City
Asia/Riyadh: Riyadh, Riyad, Riad, Jeddah, الرياض
Asia/Qatar: Doha
Asia/Bahrain: Manama
Asia/Dubai: Dubai, Abu Dhabi
Asia/Muscat: Muscat
Asia/Tehran: Tehran, Téhéran
Asia/Kabul: Kabul
Asia/Karachi: Islamabad, Karachi, Lahore
Asia/Kolkata: New Delhi, Delhi, Mumbai, Bangalore, Bengaluru, Chennai, Kolkata, Hyderabad
Asia/Colombo: Colombo
Asia/Kathmandu: Kathmandu
Asia/Thimphu: Thimphu
Asia/Dhaka: Dhaka, Cox's Bazar
Indian/Maldives: Malé
Asia/Tashkent: Tashkent
Asia/Almaty: Astana, Almaty
Asia/Bishkek: Bishkek
Asia/Dushanbe: Dushanbe
Asia/Ashgabat: Ashgabat
Asia/Ulaanbaatar: Ulaanbaatar
Asia/Yangon: Yangon, Nay Pyi Taw
Asia/Bangkok: Bangkok, Bangkok Thailand, Бангкок, 曼谷, بانكوك
Asia/Vientiane: Vientiane
Asia/Phnom_Penh: Phnom Penh
Asia/Ho_Chi_Minh: Hanoi, Ho Chi Minh City
Asia/Kuala_Lumpur: Kuala Lumpur
Asia/Singapore: Singapore, Singapour, Singapur
Asia/Jakarta: Jakarta
Asia/Makassar: Bali
Asia/Manila: Manila, Manille
Asia/Dili: Dili
Asia/Hong_Kong: Hong Kong
Asia/Taipei: Taipei
Asia/Shanghai: Beijing, Pékin, Pekín, Shanghai, Пекин, 北京, 上海, بكين
Asia/Seoul: Seoul, Séoul, Seúl, Incheon
Asia/Tokyo: Tokyo, Tōkyō, Tokio, Kobe, Kyoto, 东京
Australia/Perth: Perth
Australia/Adelaide: Adelaide
Australia/Brisbane: Brisbane
Australia/Sydney: Sydney, Canberra
Australia/Melbourne: Melbourne
Pacific/Port_Moresby: Port Moresby
Pacific/Guadalcanal: Honiara
Pacific/Noumea: Noumea, Nouméa
Pacific/Efate: Port Vila
Pacific/Fiji: Suva, Nadi, Fiji
Pacific/Tongatapu: Nuku'alofa
Pacific/Apia: Apia
Pacific/Auckland: Auckland, Wellington
Pacific/Honolulu: Honolulu, Hawaii
"""


@cache
def city_zones() -> dict[str, str]:
    """Map every spelling of every city, folded, to its IANA zone."""
    table = {}
    for line in _ZONES.strip().splitlines():
        zone, _, cities = line.partition(": ")
        table.update({fold(city): zone for city in cities.split(", ")})
    return table


def fold(text: str) -> str:
    """Fold a text for a comparison: lower case, plain apostrophes, and no accents that Unicode can split from a letter.

    One character stays one character, so a position in the folded text is the same position in the text as written.
    """
    return "".join(map(_fold_character, text))


@cache
def _fold_character(character: str) -> str:
    if character in "’‘ʼ`´":
        return "'"
    plain = unicodedata.normalize("NFD", character)[0].lower()
    return plain[0] if plain else character
